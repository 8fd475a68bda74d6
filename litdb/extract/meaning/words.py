"""The words by which headers, labels and captions are understood. All are compared without case."""

from __future__ import annotations

import re

#: 'Model', 'method', 'system' as tables in other languages head the column.
_MODEL_ELSEWHERE = (
    r"verfahren|methoden?|modelle?|ansätze?|ansatz|algorithm(?:us|en)|netz(?:werke?)?|systeme?|méthodes?|modèles?|systèmes?|approches?|"
    r"m[ée]todos?|modelos?|sistemas?|modell[oi]|metod[oi]|模型(?:名称?)?|方法|系统|算法|网络|網絡|모델|방법|기법|알고리즘|시스템|モデル|手法|方式|システム"
)
#: Header of the column that names the models.
MODEL_HEADER = re.compile(
    r"^(?:the\s+)?(?:(?:se|enhancement|speech|baseline|compared|different)\s+)?"
    r"(?:models?|methods?|systems?|approach(?:es)?|networks?|algorithms?|names?|architectures?|technique|enhancer|"
    rf"{_MODEL_ELSEWHERE}|"
    r"checkpoints?|model\s+name|model\s+configurations?|configurations?|configs?|variants?|ver\.?|versions?|settings?|setups?|"
    r"experiments?|ablations?|components?|modules?|cases?|strateg(?:y|ies)|frameworks?|backbones?|structures?|cell|"
    r"conditions?|models?\s*/\s*\w+|methods?\s*/\s*\w+|no\.?|id|#|index|schemes?|combinations?)s?\s*\.?:?$",
    re.I,
)
STRONG_MODEL_HEADER = re.compile(
    rf"^(?:models?|methods?|systems?|approach(?:es)?|networks?|algorithms?|model name|{_MODEL_ELSEWHERE})\s*\.?:?$",
    re.I,
)
YEAR_HEADER = re.compile(
    r"^(?:year|venue|publication|published|conference|pub\.?|source|ref(?:erence)?s?\.?|date|release|experiment date)$",
    re.I,
)
CAUSAL_HEADER = re.compile(r"^(?:causal(?:ity)?|online|real[- ]?time|streaming|caus\.?)\s*\??$", re.I)
DATASET_HEADER = re.compile(
    r"^(?:test\s*)?(?:data\s*sets?|test\s*sets?|sets?|corpus|corpora|database|evaluation set|eval set|benchmark|data|"
    r"(?:训练/?)?(?:测试|評価|评测)?(?:数据集|数据|数據集)|测试集|データセット|テストセット|데이터셋|데이터|datens[aä]tze?|tests[aä]tze?|testdaten|"
    r"jeux? de (?:données|test)|conjuntos? de (?:datos|dados|pruebas?|teste))$",
    re.I,
)
#: A column of what models were trained on.
TRAINED_ON_HEADER = re.compile(
    r"^\W*(?:train(?:ed|ing)?|fine-?tun\w+)(?:[- ](?:on|with|data(?: ?set)?s?|sets?|corp(?:us|ora)))*\W*$|训练(?:集|数据)",
    re.I,
)
CONDITION_HEADER = re.compile(
    r"^(?:(?:input|test(?:ing)?|mixing|evaluation)\s+)?(?:snr(?:\s+(?:range|level|group))?|noise(?: type)?|condition|subset|reverb|noise level|snrs|stems?|targets?|instruments?|languages?)\s*(?:[\[(].*[\])])?$",
    re.I,
)
METRIC_HEADER = re.compile(
    r"^(?:evaluation\s+)?(?:metrics?|measures?|criteri(?:on|a)|scores?|metriken?|maße?|métricas?|métriques?|metrich?e|"
    r"(?:评价|评估|評価)?指[标標]|지표|메트릭|평가 지표)$",
    re.I,
)
ATTRIBUTE_HEADER = re.compile(
    r"^(?:domain|type|input|feature(?:s| type)?|structure|causal|loss(?:es)?|training (?:data|set)|extra data|category|"
    r"hyperparams? file|hparams?|gpus?|devices?|hardware|platforms?|processors?|model link|link|url|note|notes|remarks?|说明|說明|备注|備考|비고|tf version|"
    r"profile|best/stop|task|status|verdict|passed|"
    r"look[- ]?ahead.*|la\b.*|window.*|latency.*|framework|optimi[sz]er|epochs?|batch.*|"
    r"params? file|code|paper)$",
    re.I,
)

#: A title over metrics that says no more than that they are metrics.
GROUP_TITLE = re.compile(
    r"^(?:(?:the|all|objective|subjective|composite|intrusive|non-?intrusive|evaluation|speech|enhancement|quality|intelligibility|"
    r"perceptual|signal|composite|reference-?based|reference-?free|complexity|computational|model|test|main|standard|"
    r"performance|denoising|efficiency|and|&|/|,)\s*)*"
    r"(?:metrics?|measures?|scores?|results?|quality|performance|evaluation|criteria|assessments?|complexity|costs?|size|"
    r"indicators?|efficiency|intelligibility|composites?)\W*$"
    r"|^\W*(?:(?:non-?)?intrusive|objective|signal(?:[- ]level)?|perceptual|human|listeners?|crowd|waveforms?|subjective|reference-?(?:based|free)|full-?reference|no-?reference|(?:down-?stream-?)?task-?dep(?:endent|\.)?|"
    r"down-?stream(?:-?task)?(?:-?(?:in)?dep(?:endent|\.)?)?)\W*$",
    re.I,
)

#: Behind a name, what a link leads to: 'NVSR [Pretrained Model]', 'GTCRN (code)'.
LINKED = re.compile(
    r"\s*(?:\[\s*(?:pre-?trained[ -](?:models?|weights?|checkpoints?)|(?:model|official)[ -](?:weights?|links?|code)|weights|models?)\s*\]"
    r"|[\[(]\s*(?:code|paper|pdf|arxiv|links?|download|checkpoints?|ckpts?|github|repo(?:sitory)?|project page|hugging ?face|demo)\s*[\])])",
    re.I,
)
#: Rows that are references, not systems.
REFERENCE_LABEL = re.compile(
    r"^(?:noisy|带噪(?:语音)?|含噪(?:语音)?|雑音|잡음|verrauscht\w*|unverarbeitet\w*|bruité\w*|ruidos[oa]|rumoros[oa]|unprocessed|unproc\.?|clean|mixture|mix|degraded|raw (?:noisy )?(?:speech|audio|"
    r"signal)|input|no processing|noisy[- ](?:speech|input|mixture|"
    r"signal|audio|baseline|reverberant)|clean[- ](?:speech|signal|reference)|"
    r"original(?: noisy)?|ground[- ]?truth|reference|no enhancement|"
    r"none \(noisy\)|unenhanced|reverberant|noisy-reverberant|gt|anechoic|target)\b[\s.:]*(?:\([^)]*\)|"
    r"\[[^\[\]]*\]|speech|signal|input|audio|mixture|data|set)*\s*$"
    r"|\boracle\b|\borakel\b|\bideal(?:e[nrs]?|es)?\b|^(?:irm|ibm|psm|wiener-like mask)\b(?:\s*\([^)]*\))?$|\bupper[- ]bound\b|^top-?line$|^human(?:s| listeners?)?$"
    r"|\bclean (?:phase|magnitude|spectr\w+)\b|\bnoisy phase\b.*\bclean\b",
    re.I,
)
#: Rows that sum up other rows or compare them: no system, and no reference either.
NO_ROW = re.compile(
    r"^\W*(?:avg\.?|averages?|mean|overall mean|median|improvements?|impr\.?|(?:relative |absolute |mean |average |paired )?(?:gains?|differences?|diff\.?|deltas?)"
    r"(?: \(?[%\w ]*\)?)?|std\.?(?: dev(?:iation)?\.?)?|standard deviation|stddev|variance|rank(?:ing)?|Δ.*|[pt][- ]values?|"
    r"counts?|totals?|sums?|#|n|win[- ]?rates?|.{0,20}\bwin[- ]?rate|.{0,20}% better|targets?|goals?|thresholds?|requirements?|max(?:imum)?|min(?:imum)?|"
    r"confidence(?: interval)?|95\s?% ci|ci)\W*$"
    r"|^\W*(?:(?:relative|absolute|mean|average)\s+)?(?:improvements?|gains?|differences?|diff\.?|deltas?|increases?|reductions?)\s+"
    r"(?:over|vs\.?|versus|to|against|relative to|compared (?:to|with)|w\.?\s?r\.?\s?t\.?|from|of)\b"
    r"|^\W*(?:(?:minimum|maximum) (?:for|required|to)\b|stretch goal|acceptance (?:limit|criteri))"
    r"|^\W*(?:verbesserung|gewinn|differenz|miglioramento|guadagno|amélioration|différence|mejora|diferencia|verbetering|winst|"
    r"change|提升|改善|提高|향상|개선|差)\w*\W*$"
    r"|^\W*[pt][- ]values?\b|^.{1,40}\s(?:vs\.?|versus|minus|−)\s.{1,40}$|^\S{1,20}\swins$",
    re.I,
)
#: The mean over the rows above, where those are files or conditions.
OVER_ALL = re.compile(
    r"^\W*(?:all|avg\.?|averages?|mean|overall|total|average over .*|durchschnitt|mittel(?:wert)?|moyenne|media|promedio|gemiddelde?|平均|평균)\W*$",
    re.I,
)
FILE_LABEL = re.compile(
    r"^\S+\.(?:wav|flac|mp3|ogg|m4a)$|^p\d{3}[_-]\d{2,4}$|^sp\d{2,3}$|^\d{4}-\d{6}-\d{4}$", re.I
)

OURS = re.compile(
    r"\(\s*(?:ours?|proposed|our (?:method|model|work|approach)|this (?:work|paper)|"
    r"the proposed)(?:\s*[,;]\s*([^)]*))?\s*\)"
    r"|\[\s*(?:ours?|proposed)\s*\]"
    r"|^(?:our|the proposed|proposed)\s+(?=[A-Z(]|method|model|system|approach|network)|"
    r"\b(?:ours|proposed|this work)$|^(?:ours?|proposed|this work)\b[:\s-]*",
    re.I,
)
OURS_ALONE = re.compile(
    r"^(?:ours?|(?:the )?proposed(?: (?:method|model|system|approach|network))?|this (?:work|"
    r"paper)|our (?:method|model|system))$",
    re.I,
)
OWN_SECTION = re.compile(r"\b(?:proposed|ours?|this work|this paper)\b", re.I)
DECORATION = re.compile(
    r"\(\s*(?:baseline|base|the baseline|retrained|reproduced|our (?:re)?implementation|reimpl(?:\.|emented)?)\s*\)",
    re.I,
)
YEAR_ANY = re.compile(r"[(\[]\s*(?:[A-Za-z .'’]+,?\s*)?(?:19|20)\d\d[a-z]?\s*[)\]]")
LIST_NUMBER = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|\([a-z]\)|[a-z]\)|\(?[ivx]{1,4}[.)])\s+(?=\S)")

ABLATION_CAPTION = re.compile(
    r"\bablat|\b(?:effect|impact|influence|contribution|importance|role)s?\s+of\b|\bstud(?:y|"
    r"ies)\s+(?:of|on)\b|\bcomponent|"
    r"\bwithout\b.*\bmodules?\b|\bdifferent (?:number|loss|kernel|configuration|setting|"
    r"component|module|value)s?\b|\bdepending on\b|"
    r"\bhyper-?parameter|\bdesign choices?\b|\bvariants? of\b",
    re.I,
)
CHANGE_LABEL = re.compile(
    r"^(?:w\s*/?\s*o\b|w\s*/\s|with(?:out)?\b|no\b|only\b|[-–−+]\s*[A-Za-z(]|\+|replac|remov|"
    r"rm\b|del(?:ete)?\b|add(?:ing)?\b|"
    r"excl|minus\b|plus\b|→|↔|use\b|using\b|disable)|→|\breplaced? (?:by|with)\b|\bw\s*/\s*o\b|\binstead of\b",
    re.I,
)
COMPARISON_CAPTION = re.compile(
    r"\bcompar|state[- ]of[- ]the[- ]art|\bsota\b|\bother methods\b|\bbaselines?\b|\bperformance of\b", re.I
)
NOT_SCORES_CAPTION = re.compile(
    r"\bcorrelation(?:s| coefficients?| matrix| between)?\b|\bpearson\b|\bspearman\b|"
    r"\bp[- ]values?\b|\bsignificance (?:test|level)|"
    r"\bwilcoxon\b|\bt-test\b|\bconfusion matrix\b|\bdataset statistics\b|\bnumber of (?:files|"
    r"utterances|speakers|hours)\b",
    re.I,
)
#: A caption that says of its table that it holds how things were set, and speaks of nothing measured.
SETTINGS_CAPTION = re.compile(
    r"^\W*(?:(?:the |our |all |main |training |sampling |model )*(?:hyper-?parameters?|settings?|configurations?)|(?:training|implementation) details)\b"
    r"(?!.{0,200}\b(?:results?|perform\w*|scores?|compar\w*|effects?|influence|impact|ablat\w*|differen\w*|various|varied|PESQ|STOI|SDR|quality)\b)",
    re.I | re.S,
)
HYPERPARAMETERS_CAPTION = re.compile(
    r"\bhyper[- ]?parameters?\b|\barchitecture details\b|\bconfigurations? of\b|\bparameter settings?\b", re.I
)

#: A label that only numbers a setting: '4', '(3, 11)', '8 (default)'.
NUMBERED = re.compile(r"[\d\s.,()×x%kKM/-]+(?:\(\s*default\s*\))?")

#: Header words that make a column something else than the score of the metric it names.
EXCLUDED_HEADER = re.compile(
    r"[ΔΔδ]|\b(?:delta|diff(?:erence)?s?|gains?|improv(?:ement|\.)?s?|impr\.?|relative|rel\.|"
    r"reduction|increase|drop|degradation|"
    r"correl\w*|pcc|lcc|srcc|srocc|krcc|plcc|pearson|spearman|kendall|p[- ]?values?|ranks?|"
    r"ranking|mae|mse|rmse|errors?|loss(?:es)?|weights?|"
    r"epochs?|steps?|target|discriminator|disc\.|counts?|std\.?|stdev|stddev|standard deviation|"
    r"sem|variance|var|ci|confidence|predict\w*|estimat\w+|"
    r"wins?|votes?|preference|%\s*better|train(?:ing)?|thresholds?|coefficient|normali[sz]ed|"
    r"score[- ]?loss|std|verbesserung(?:en)?|améliorations?|mejoras?|melhorias?|miglioramento|îmbunătățire\w*|улучшение|прирост|"
    r"poprawa)\b|提升|改善|改进|개선|향상|[<>≥≤]\s*\d+(?![\d.]*\s*dB)",
    re.I,
)
#: A title whose rows are differences to other rows, not scores.
DIFFERENCES = re.compile(
    r"\W*(?:(?:relative|absolute|mean|average|the)\s)*(?:improvements?|gains?|differences?|deltas?|Δ|verbesserung(?:en)?|améliorations?|"
    r"mejoras?|melhorias?|miglioramento|îmbunătățir\w*|улучшение|прирост|poprawa|提升|改善|개선|향상)(?!\w)"
    r"(?=[^\w]*$|\s*[(\[:%]|\s+(?:over|vs|versus|to|against|relative|compared|w\.?\s?r\.?\s?t|in|from|of|față|gegenüber|par|respecto|em|rispetto)\b)",
    re.I,
)
VALIDATION = re.compile(
    r"\b(?:val(?:id(?:ation)?)?|dev(?:elopment)?|cv)(?:[_ -][A-Za-z0-9]+)?\b|\bcv_dev\d*\b|\bval_[a-z]+\b",
    re.I,
)
SUBSET = re.compile(
    r"\b(?:test(?:ing|set)?|eval(?:uation)?|dev(?:elopment)?|val(?:id(?:ation)?)?|cv|tt|set|(?:un)?seen|subset|dt|et|simu(?:lated)?|real|blind)"
    r"(?:[_ -]?\d\w*|[_ -]\w+)?\b|\bpart\b",
    re.I,
)
#: With or without reverberation, as the DNS-2020 test sets are told apart.
REVERB = re.compile(
    r"(?P<without>无混响|無残響|残響なし|무반향|\b(?:w\s?/\s?o|without|no|non|w\.o\.)[\s_-]*(?:reverb\w*|rev\b)|\banechoic\b)|[有带]混响|残響あり|(?:\bwith|\bw\s?/)[\s_-]*rev\b|(?:\b(?:with|has)|\bw\s?/)?[\s_-]*\breverb(?!_?challenge)\w*",
    re.I,
)
SNR = re.compile(r"(?P<value>[-−–+]?\d+(?:\.\d+)?)\s*(?:dB|db|DB)\b")
SNR_RANGE = re.compile(r"(?<![\w.])(?P<low>[-−–]?\d+)\s*(?:to|~|–|-|∼)\s*(?P<high>[-−–]?\d+)\s*dB", re.I)
#: 'narrow-band P.862 is not used': the band that it is not.
BAND_DENIED = re.compile(
    r"\b(?:narrow|wide)[- ]?band\b(?:[^.;,()\n]|\.(?=\d)){0,40}?\b(?:is|are|was|were)\s+not\b[^.;,()\n]*",
    re.I,
)
STATISTICS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("median", re.compile(r"\bmed(?:ian|\.)?(?![A-Za-z])", re.I)),
    ("max", re.compile(r"\b(?:max(?:imum|\.)?|best)\b", re.I)),
    ("min", re.compile(r"\b(?:min(?:imum|\.)?|worst)\b", re.I)),
)
HARMLESS = re.compile(
    r"[↑↓⇑⇓↗↘▲▼]|\b(?:scores?|test(?:ing)?|set|avg\.?|average|mean|ave\.?|the|on|of|in|for|"
    r"values?|overall|total|mos|lqo|higher|lower|better|is|"
    r"number|no|num|left|remaining|objective|all|results?|est|model|speech|quality|metric|evaluation|params?|"
    r"parameters?|per|second|sec|s|and|"
    r"dnsmos|p\.?835|p\.?808|raw|output|sa[ií]da|salida|sortie|ausgang|uscita|wide-?band|narrow-?band|wb|nb|audio|data|dataset|test-?set|corpus)\b\.?",
    re.I,
)
MISSING = re.compile(
    r"^\s*(?:[-–—−‐‑‒~*./\\]+|n\s*/?\s*a\.?|n\.a\.|none|nan|null|nr|n\.r\.|not reported|unknown|"
    r"\?+|×|x|✗|✓|\.\.\.|…|tbd|tba|oom|\(-\)|\$-\$)?\s*$",
    re.I,
)
REPRODUCED = re.compile(
    r"re-?train|re-?produc|re-?implement|re-?run|our (?:own )?(?:implementation|training|runs?|experiments?)|we (?:re-?)?(?:train|ran|run)|"
    r"trained by us|evaluated by us|official (?:code|checkpoint)|using (?:the )?(?:public|"
    r"official|released)",
    re.I,
)
QUOTED_NOTE = re.compile(
    r"taken (?:directly )?from|(?:values?|results?|scores?|numbers?|figures?) (?:are )?(?:taken )?from|from the (?:cited|original) papers?|reported (?:in|by)|copied from|quoted|cited from|provided by|porvided by|original paper",
    re.I,
)
#: The letter or number of a panel in front of its title: '(a) Babble'.
PANEL = re.compile(r"^\s*\((?:[a-h]|[ivx]{1,4}|\d)\)\s+(?=\S)", re.I)
