"""A list with planted errors against everybody enrolled, whose truth is known; from Arrow tables in memory to decisions."""

import duckdb
import pyarrow as pa

from benchmarks.child import Clock
from xuezheng.core.data_folder import home
from xuezheng.linkage.models import Reason
from xuezheng.linkage.reconcile import reconcile

THRESHOLD = 0.95


def ours(clock: Clock) -> dict[str, float]:
    """Xuezheng.

    ``reconcile``: names folded and sounded, numbers read back in six steps, Splink with fixed weights on what is left.
    """
    from splink import DuckDBAPI  # noqa: F401 - importing is not to be timed

    listed, known = _table("listed"), _table("known")
    with clock():
        found = reconcile(listed.drop(["truth"]), known)
    matched = {key: next(iter(it.candidates)) for key, it in found.items() if Reason(it.reason).finds}
    return _score(listed, matched)


def with_splink(clock: Clock) -> dict[str, float]:
    """Splink alone.

    Link-only as its documentation does it: blank cells null; NameComparison with term frequencies, DamerauLevenshtein on the
    number, DateOfBirthComparison, exact sex and school; u from a million random pairs (its default; ten times as many take ten
    times as long), m by expectation maximisation in two sessions;
    the likeliest pair of each row from a probability of 0.95 on, as in ours. Importing is not timed for either.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    listed, known = _table("listed"), _table("known")
    with clock():
        engine = duckdb.connect(config={"threads": 2})
        engine.register("listed_in", listed)
        engine.register("known_in", known)
        engine.execute(
            "CREATE TABLE listed AS SELECT row AS unique_id, number, name, birth_date, sex, school FROM listed_in"
        )
        engine.execute("CREATE TABLE known AS SELECT person AS unique_id, * EXCLUDE (person) FROM known_in")
        api = DuckDBAPI(connection=engine)
        tables = [
            api.register("listed", dataset_display_name="a_list"),
            api.register("known", dataset_display_name="b_people"),
        ]
        number, named = block_on("number"), block_on("name", "birth_date")
        linker = Linker(
            tables,
            SettingsCreator(
                link_type="link_only",
                comparisons=[
                    cl.NameComparison("name").configure(term_frequency_adjustments=True),
                    cl.DamerauLevenshteinAtThresholds("number", [1, 2]),
                    cl.DateOfBirthComparison("birth_date", input_is_string=False),
                    cl.ExactMatch("sex"),
                    cl.ExactMatch("school"),
                ],
                blocking_rules_to_generate_predictions=[
                    number,
                    named,
                    block_on("birth_date", "school"),
                    block_on("name", "school"),
                    block_on("substr(number, 1, 15)"),
                    block_on("birth_date", "sex", "substr(name, 1, 1)"),
                ],
                retain_matching_columns=False,
            ),
            log_level="ERROR",
        )
        training = linker.training
        training.estimate_probability_two_random_records_match([number, named], recall=0.8)
        training.estimate_u_using_random_sampling(seed=1)
        training.estimate_parameters_using_expectation_maximisation(named)
        training.estimate_parameters_using_expectation_maximisation(number)
        pairs = linker.inference.predict(threshold_match_probability=THRESHOLD)
        best = engine.execute(
            "SELECT unique_id_l, arg_max(unique_id_r, match_weight)"
            f" FROM {pairs.physical_name} GROUP BY unique_id_l"
        ).fetchall()
    return _score(listed, dict(best))


def _table(name: str) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(home() / f"{name}.arrow"))).read_all()


def _score(listed: pa.Table, matched: dict[int, int]) -> dict[str, float]:
    """How many matches are right, and how many of those who are enrolled were found."""
    truth = dict(zip(listed["row"].to_pylist(), listed["truth"].to_pylist(), strict=True))
    right = sum(truth[row] == person for row, person in matched.items())
    here = sum(person is not None for person in truth.values())
    return {"precision": round(right / max(len(matched), 1), 4), "recall": round(right / here, 4)}
