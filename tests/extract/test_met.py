"""Invented tables of many sorts: what is expected is read, and nothing else is accepted."""

from __future__ import annotations

import pytest

from tests.extract.met import Case, batch, judge

BATCHES = (
    "first", "second", "third", "fresh", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth",
    "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
    "twentieth", "twenty_first", "twenty_second", "twenty_third", "twenty_fourth", "twenty_fifth", "twenty_sixth",
    "twenty_seventh", "twenty_eighth", "twenty_ninth", "thirtieth", "thirty_first", "thirty_second", "thirty_third",
    "thirty_fourth", "thirty_fifth", "thirty_sixth", "thirty_seventh", "thirty_eighth",
    "thirty_ninth", "fortieth", "forty_first",
)  # fmt: skip
#: What is not read as a person reads it yet, and then waits for review: test sets that only far text names or that no vocabulary has,
#: scores in the front matter of a model card, tables of tabs or blanks in a code fence.
NOT_YET = frozenset(
    (
        "notes_in_korean.md", "report_in_chinese.md", "hf_card_with_index.md", "chinese_report.md",
        "japanese_bwe.md", "hf_card_dataset_rows.md", "rapport_francais.html", "checkpoints_zhongwen.md",
        "modelcard_nihongo.md", "eval_log_settings.md", "readme_zoo_mixed.md",
        "hub_card_separation.md", "recipe_paper_vs_here.md", "readme_frozen_dissertation.md", "ar5iv_2207.08115.html",
        "interspeech_edge_sizes_rtf.tex", "ieeetran_reverb_rooms.tex",
        "2506.20417v1_urgent.html", "relatorio_embarcado.tex", "journal_bleed_reduction.tex",
        "archive_pipelines_report.md",
        "minnow_multimodal_extraction.md", "adr_bandwidth_extension_anchor.md", "candidate_postmortem_transposed.md",
        "bittern_validation_report.html", "coursework_lightweight.tex", "standalone_sdrs.tex",
        "tesis_comparativo.tex", "readme_petrelnet.md", "arxiv_streaming_latency.tex", "ismir_unet_medians.tex", "vkr_russian_musdb.tex", "2412.07310v1_hearingaid.html",
        "block_reuse.tex", "coarse_fine_lite.tex", "grouped_tiny_crn.tex", "fast_recurrences.tex", "geometry_dconv.tex",
        "unpaired_bridge.tex", "readme_separation_br_cells.md", "repo_frozen_results_paired.md",
        "ar5iv_glasses_math_cells.html", "ar5iv_ablation_ticks_spans.html", "arxiv_two_sets_math_labels.html", "arxiv_spread_rotated_groups.html",
        "arxiv_dns2020_two_level.html", "arxiv_span_tabular_bwe_mos.html", "readme_micro_quantised.md", "hf_card_checkpoints.md",
        "recipe_results_generated.md", "hf_card_mcu_footprint_index.md", "leggimi_condizioni.md",
        "README_finchformer_recipes.md", "kiln_sectioned_noise_snr.tex", "wren_complexity_devices.tex",
        "tamarisk_steps_minipages.tex", "distill_teacher_student.tex", "quantise_prune_mcu.tex",
        "fullband_siunitx_inputs.tex", "crossweave_recipe.md", "dryroom_reverb.md",
        "h34_spconf_fullsub_style_dns.tex", "h34_interspeech_universal_turned.tex", "h34_interspeech_token_lm.tex",
        "h34_spconf_echo_ser_and_aecmos.tex", "h34_journal_target_speaker_gender.tex", "h34_interspeech_ears_subtables.tex",
        "cipherine_token_lm_ar5iv.html", "overtonal_bwe_journal.html", "velarium_card_index.md", "halyard_toolkit_recipes.md",
        "cloister_dereverb_readme.md", "omnibus_urgent_readme.md", "unofficial_subnets_reproduction.md",
        "taslp_twin_conformer_gan.tex", "spconf_erb_fullband_embedded.tex", "spconf_pinch_ultralight.tex", "tran_prior_step_diffusion.tex",
        "ospreylite_subband.html", "plovernet_gated.html", "README_jackdaw.md", "README_merlin_recipes.md", "card_grebenet_enhsingle.md",
        "README_avoset_studio.md",
        "skerrynet_dns2020.html", "withycomb_journal.html", "kittiwake_flow_readme.md", "sallow_mcu_readme.md",
        "oubliette_results.md",
        "eddykd_dns_reverb_groups.tex", "arroyo_crn_by_snr.html", "duelgan_targets.md", "tarnkit_recipe_results.md",
        "codexclean_token_generation.html", "wren_small_models_readme.md", "driftwood_score_model_mismatch.html",
        "tiny_streaming_costs.tex", "pruning_distillation_student.tex",
    )
)  # fmt: skip
CASES = [case for name in BATCHES for case in batch(name)]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_is_accepted_is_right(case: Case) -> None:
    verdict = judge(case)
    assert verdict.wrong == 0, verdict.lines
    if case.name not in NOT_YET:
        assert (verdict.right, verdict.read) == (verdict.wanted, verdict.wanted), verdict.lines
