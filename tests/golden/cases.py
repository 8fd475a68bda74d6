"""What is asked of the golden catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One command line; `typed` are lines on standard input, `files` what it writes that is looked at too."""

    line: str
    typed: str = ""
    files: tuple[str, ...] = ()


CASES: dict[str, Case] = {}


def _add(name: str, line: str, typed: str = "", *files: str) -> None:
    assert name not in CASES, name
    CASES[name] = Case(line, typed, files)


_FEW = "--models IMSE,MUSE,α-Net,D³Former,D2Former,β-Net,VagueNet,DPCRN,OverNet,HushNet,BSRNN-FAC-MRHA3,SilverNet"
_COLUMNS = "--metrics params,PESQ,CSIG,STOI"

for _name, _line in {
    # lists and tables
    "models": "models --json",
    "models_text": "models",
    "models_range": "models --params 0.4M..1.0M --metric PESQ=2.8..3.4 --json",
    "models_range_text": "models --params 0.4M..1.0M --metric PESQ=2.8..3.4",
    "models_everything": (
        f"models --proposed --claims --mixed --checkpoints --ablations --references {_COLUMNS} --params 0.1M..1.0M --json"
    ),
    "models_everything_text": "models --proposed --claims --mixed --checkpoints --ablations --references",
    "models_bounds": "models --metrics params,PESQ --params ..0.5M --metric PESQ=3.0.. --json",
    "models_year_causal": "models --metrics params,MACs,PESQ,STOI --year 2026.. --causal --json",
    "models_non_causal": "models --metrics params,MACs,RTF,PESQ --non-causal --json",
    "models_new": "models --new 2026-01-06 --metrics params,PESQ --json",
    "models_origins": "models --origin quoted --origin repository --metrics PESQ --metric PESQ=3.2.. --json",
    "models_dns": "models -d dns2020-noreverb --metrics params,PESQ,PESQ-NB,SI-SDR --json",
    "models_dns_text": "models -d dns2020-noreverb --metrics params,PESQ,PESQ-NB,SI-SDR",
    "models_dns_reverb": "models -d dns2020-reverb --metrics PESQ,PESQ-NB,STOI --mixed --references --json",
    "models_snr": "models -d timit --metrics 'PESQ [SNR -5 dB],PESQ [SNR 0 dB]' --proposed --json",
    "models_none": "models --params 90M.. --metric PESQ=4.4.. --json",
    "models_wrong_range": "models --params 1M..0.4M --json",
    "table": f"table --format json {_FEW} {_COLUMNS}",
    "table_text": f"table {_FEW} {_COLUMNS}",
    "table_markdown": f"table --format markdown {_FEW} {_COLUMNS} --caption 'A comparison' --sources",
    "table_latex": f"table --format latex {_FEW} {_COLUMNS} --caption 'A 5% comparison' --label tab:golden",
    "table_csv": f"table --format csv {_FEW} {_COLUMNS}",
    "table_html": f"table --format html {_FEW} {_COLUMNS} --caption 'A & B' --no-sources",
    "table_sorted": "table --format json --metrics PESQ,params --sort params --params ..0.3M",
    "table_sorted_down": "table --format json --metrics PESQ,STOI,params --sort -STOI --metric STOI=0.955..",
    "table_mixed": "table --format json --mixed --metrics PESQ,CSIG,CSIG@unit --models GoldNet,SilverNet,MUSE,BSRNN-FAC-MRHA3",
    "table_checkpoints": "table --format json --checkpoints --metrics PESQ,CSIG,CSIG@unit,SI-SDR --models GoldNet,BSRNN-FAC-MRHA3",
    "table_proposed": "table --format json --proposed --claims --models SlopeNet,RumourNet,TSDCA-BA,DPCRN",
    "table_ablations": "table --format json --ablations --references --metrics params,PESQ,SSNR --models α-Net,TickNet,Noisy",
    "table_bands": "table --format json --metrics PESQ-NB,PESQ --metric PESQ-NB=3.0..",
    "table_conditions": "table --format markdown --metric PESQ=3.0..3.3 --where STOI=0.94.. --where params=..1.3M --metrics params,PESQ,STOI,MACs",
    "plot_wrong": "plot --out figure.bmp --json",
    # one model, one number
    "show_alpha": "show α-Net --json",
    "show_alpha_text": "show α-Net",
    "show_d3": "show D³Former --json",
    "show_d2": "show D2Former --json",
    "show_own": "show GoldNet --json",
    "show_reference": "show Noisy --json",
    "show_unified": "show TickNet --json",
    "show_absent": "show DPCRN",
    "show_paper": "show 2601.00101 --json",
    "show_paper_text": "show 2601.00107",
    "show_nobody": "show NoSuchNet --json",
    "why_alpha": "why α-Net PESQ --json",
    "why_alpha_text": "why α-Net PESQ",
    "why_imse": "why IMSE PESQ --json",
    "why_imse_text": "why IMSE PESQ",
    "why_tstnn": "why TSTNN CBAK --json",
    "why_html": "why HushNet PESQ --json",
    "why_html_text": "why HushNet PESQ",
    "why_corrected_metric": "why HushNet SI-SDR --json",
    "why_corrected_value": "why BandNet PESQ --json",
    "why_corrected_dataset": "why BandNet-XS PESQ -d dns2020-reverb --json",
    "why_narrow_band": "why BandNet PESQ-NB --json",
    "why_rejected": "why CMGAN PESQ --json",
    "why_bound": "why DPCRN PESQ --json",
    "why_bound_text": "why OverNet params",
    "why_percent": "why VagueNet STOI --json",
    "why_spread": "why VagueNet PESQ --json",
    "why_per_second": "why 'TollNet [causal=Yes]' MACs --json",
    "why_per_second_text": "why 'TollNet [causal=Yes]' MACs",
    "why_versions": "why 'TollNet [causal=Yes]' PESQ --json",
    "why_snr": "why SlopeNet 'STOI [SNR -5 dB]' --json",
    "why_own": "why GoldNet PESQ --json",
    "why_own_text": "why SilverNet CSIG",
    "why_counted": "why BSRNN-FAC-MRHA3 params --json",
    "why_reproduced": "why MUSE PESQ --json",
    "why_claimed": "why RumourNet PESQ --json",
    "why_quoted_greek": "why β-Net PESQ --json",
    "why_quoted_digit": "why D2Former PESQ --json",
    "why_alias": "why MP-SENet-2023 PESQ --json",
    "why_ambiguous": "why MP-SENet PESQ --json",
    "why_unknown": "why IMSE nonsense --json",
    "history": "history --json",
    "history_text": "history",
    "history_model": "history CMGAN --json",
    "history_own": "history GoldNet --json",
    "history_paper": "history 2601.00105 --json",
    "history_none": "history PrimeK-Net",
    # what may be believed
    "conflicts": "conflicts --json",
    "conflicts_all": "conflicts --all --model IMSE --json",
    "conflicts_model": "conflicts --model α-Net --json",
    "conflicts_model_text": "conflicts --model TSTNN",
    "conflicts_metric_text": "conflicts --metric PESQ --all",
    "conflicts_none": "conflicts --model MANNER --json",
    "audit": "audit --json",
    "audit_text": "audit",
    "audit_all": "audit --all --model GoldNet --json",
    "audit_propose": "audit --propose",
    "audit_explain": "audit --explain all --json",
    "audit_explain_one": "audit --explain noisy",
    "audit_clean": "audit --model MarkNet --json",
    "protocol": "protocol --models IMSE,α-Net,D³Former,BandNet,VagueNet,HushNet,GoldNet,SilverNet,BSRNN-FAC-MRHA3 --json",
    "protocol_text": "protocol --models 'IMSE,TollNet [causal=Yes],GTCRN,SilverNet'",
    "protocol_markdown": "protocol --models 'IMSE,TollNet [causal=Yes],GTCRN,SilverNet' --markdown",
    "protocol_dns": "protocol --models BandNet,BandNet-XS,FRCRN,BSRNN-16k -d dns2020-noreverb --json",
    "evidence_phase": "evidence phase --near 0.46M --json",
    "evidence_phase_text": "evidence phase --near 0.46M",
    "evidence_discriminator": "evidence discriminator --json",
    "evidence_dual_path": "evidence dual-path --dataset vbd --json",
    "evidence_metric": "evidence phase --metric SSNR --json",
    "evidence_free_words": "evidence sparkle --json",
    "evidence_nothing": "evidence mamba --near 5M --json",
    "evidence_components": "evidence glitter --components components.toml --json",
    "evidence_own": "evidence --own step-1,step-2,step-3 --json",
    "evidence_own_text": "evidence --own step-1,step-2",
    # where the own model stands
    "gap": "gap --target PESQ=3.0,STOI=0.94 --against 0.4M..1.0M --model BSRNN-FAC-MRHA3 --json",
    "gap_text": "gap --target PESQ=3.0,STOI=0.94 --against 0.4M..1.0M --model BSRNN-FAC-MRHA3",
    "gap_silver": "gap --target PESQ=3.2,params=0.5M,CSIG=4.4 --against ..0.8M --model SilverNet --json",
    "gap_gold": "gap --target PESQ=3.0 --against 0.3M..0.6M --model GoldNet --json",
    "gap_none": "gap --against 90M.. --model SilverNet --json",
    "gap_unsaid": "gap --target PESQ=3.0 --json",
    "claim_false": "claim 'smallest with PESQ>=3.0 on vbd' --model BSRNN-FAC-MRHA3 --json",
    "claim_false_text": "claim 'smallest with PESQ>=3.0 on vbd' --model SilverNet",
    "claim_false_best": "claim 'MUSE is the best PESQ with params<0.6M' --json",
    "claim_true": "claim 'PrimeK-Net is the only with PESQ=3.605..3.615 and params=1.2M..1.5M' --json",
    "claim_true_text": "claim 'BSRNN-16k is the best PESQ on dns2020-reverb'",
    "claim_undecided": "claim 'Dense-TSNet is the smallest with PESQ>=3.0' --json",
    "claim_bound_best": "claim 'SlopeNet is the best PESQ with params=0.7M..0.82M' --json",
    "claim_bound_beaten": "claim 'BSRNN-S+MRSD is the best PESQ on dns2020-noreverb' --json",
    "claim_bound_beaten_text": "claim 'BSRNN-S+MRSD is the highest PESQ-NB on dns2020-noreverb'",
    "claim_bound_rival": "claim 'SilverNet is the best PESQ with params=0.49M..0.62M' --json",
    "claim_bound_subject": "claim 'OverNet is the best PESQ with params<0.5M' --json",
    "claim_bound_parameters": "claim 'VagueNet is the smallest with PESQ>=3.1' --json",
    "claim_causal": "claim 'TollNet [causal=Yes] is the highest PESQ causal with params<0.3M' --json",
    "claim_first": "claim 'α-Net is the first with PESQ>=3.35 and params<0.5M' --json",
    "claim_lowest": "claim 'α-Net is the lowest params with STOI>=0.955 since 2023' --json",
    "claim_dns": "claim 'BandNet is the best PESQ on dns2020-noreverb' --json",
    "claim_wrong": "claim 'MUSE is competitive' --json",
    "patterns": "patterns --params 0.4M..1.0M --metric PESQ=3.0.. --json",
    "patterns_text": "patterns --params 0.4M..1.0M --metric PESQ=3.0..",
    "patterns_markdown": "patterns --params 0.4M..0.6M --markdown",
    "patterns_dns": "patterns -d dns2020-noreverb --json",
    "fact": "fact MUSE --json",
    "fact_text": "fact HushNet",
    "fact_own": "fact GoldNet --json",
    # own runs
    "runs": "runs --json",
    "runs_text": "runs",
    "runs_model": "runs --model GoldNet --json",
    "compare": "compare g1/best h1/best --metrics PESQ,STOI --json",
    "compare_text": "compare g1/best g2/best h1/best",
    "compare_groups": "compare --group base=g1/best,g2/best --group more=h1/best,h2/best --metrics PESQ --json",
    "compare_groups_text": "compare --group base=g1/best,g2/best --group more=h1/best,h2/best",
    "compare_conditions": "compare g1/best h2/best --metrics PESQ --conditions conditions.txt --json",
    "compare_file": "compare h1/best theirs.csv --metrics PESQ,CSIG,CSIG@unit --json",
    "compare_refused": "compare new/best-composite old/last MUSE SilverNet --json",
    "compare_refused_text": "compare new/best-composite g1/last",
    "tries": "try list --json",
    "tries_text": "try list",
    "try_plan_text": "try plan --effect 0.1 --runs g1/best,g2/best --runs h1/best,h2/best",
    "try_plan_stated_text": "try plan --effect 0.03 --metric PESQ --spread 0.02 --of 5",
    "try_plan_unknown": "try plan --effect 0.03 --json",
    "evidence_tried_text": "evidence attention",
    # review and reading
    "review": "review --json",
    "review_paper": "review --paper 2601.00105 --json",
    "review_self": "review --only self --json",
    "reextract_dry": "reextract --dry-run --workers 1 --json",
    "reextract_dry_text": "reextract --dry-run --workers 1 --paper 2601.00101",
    "extract_latex": "extract bounds.tex --format json",
    "extract_latex_text": "extract bounds.tex snrs.tex",
    "extract_explained": "extract cost1.tex --explain",
    "extract_tsv": "extract bands.tex parts.tex --format tsv",
    "extract_html": "extract doornet.html --format json",
    "extract_markdown": "extract marknet.md README.md --format json",
    "extract_missing": "extract missing.tex README.md --format tsv",
    "fetch_dry": "fetch 2602.00001 2601.00101 2601.99999 --all-versions --dry-run --json",
    "fetch_dry_text": "fetch --query all:LaterNet --dry-run",
    # words and the catalogue as a whole
    "vocabulary": "vocabulary --json",
    "vocabulary_text": "vocabulary",
    "vocabulary_components": "vocabulary components",
    "db_check": "db check --json",
    "db_diff": "db diff before.db --json",
    "db_diff_text": "db diff before.db",
    "db_diff_itself": "db diff sota.db --json",
}.items():  # fmt: skip
    _add(_name, _line)

_add("plot", "plot --x params --y PESQ --params 0.4M..1M --out pesq.svg --json", "", "pesq.csv")
_add(
    "plot_wide",
    "plot --x MACs --y STOI --out cost.svg --json --mixed --claims --proposed --checkpoints",
    "",
    "cost.csv",
)
_add("plot_models_text", f"plot --x params --y CSIG --out csig.svg {_FEW}", "", "csig.csv")
_add("table_file", f"table --format csv {_FEW} --metrics params,PESQ --out t.csv", "", "t.csv")
_add("review_conversation", "review --paper 2601.00105", "h\nw 1\ns\nq\n")

#: Commands without a case, each with its reason. A new command belongs here or above.
NOT_FROZEN = {
    "ingest": "writes; the catalogue is built with it",
    "add": "writes; the catalogue is built with it",
    "add-result": "writes; the catalogue is built with it",
    "accept": "writes; the catalogue is built with it",
    "reject": "writes; the catalogue is built with it",
    "correct": "writes; the catalogue is built with it",
    "alias": "writes; the catalogue is built with it",
    "unify": "writes; the catalogue is built with it",
    "undo": "writes; the catalogue is built with it",
    "resolve": "writes; the catalogue is built with it",
    "runs declare": "writes; the catalogue is built with it",
    "runs remove": "writes; tests.catalogue.test_groups.py",
    "try add": "writes; the catalogue is built with it",
    "try close": "writes; the catalogue is built with it",
    "init": "writes; the catalogue is built with it",
    "db backup": "writes; `db diff` is asked of what it wrote",
    "db upgrade": "writes; tests/catalogue/test_migrations.py",
    "db update": "writes; tests/catalogue/test_exchange_merge.py",
    "db build": "writes what the seed says; CI compares it with the shipped file",
    "db load": "writes; tests/catalogue/test_exchange.py",
    "db merge": "writes; tests/catalogue/test_exchange_merge.py",
    "db dump": "is the golden file dump.jsonl",
}
