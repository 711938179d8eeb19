"""The figures of ``hoso bench matching`` as tables for the terminal and as ``docs/matching.md``. Pure."""

from api.bench_tables import NONE, Circumstances, Grid, ratio, share
from api.matching_bench import MatchingRun, Tally

_REASON = 120
"""Letters of a reason that a table shows."""
_HOW = """\
Papers and people are drawn (`ingest/samples`): birth, marriage and death papers, confirmations,
identity cards, with the people on them as the population has them. Half of the papers meet one error of
the population (a day of birth, a mark or a letter of a name, a digit of a number, sex, residence, an
empty field, or a person who is not there); three in ten bear no personal number; twins and namesakes of
some subjects are in the population. A tenth of the values is read with doubt, three in ten of these
wrongly, and one certain value in a thousand is wrong. Every way is asked for the same people, one after
the other on each paper, over one connection on one thread (Splink for all at once, at the end); seconds
are elapsed ones with the database's share. Other work on the machine makes them longer: read ratios.

- **matched rightly**: without an officer, of those who are in the population.
- **matched wrongly**: with someone else, of all matches. The one thing that must not happen.
- **found**: matched rightly, or left to an officer with the right row among the six best.
- **nobody, rightly**: said to be in no register, of those who are not in the population.

What the others do: *equality* takes the holder of the number where name or date of birth agree letter
for letter, else the only row of exactly this name and day (or year, where the paper has no more).
*Trigrams* and *rapidfuzz* go by the number in the same way (rapidfuzz takes names alike by nine
tenths), else by names alike (six tenths of the trigrams, nine tenths of the letters), and are sure
where name (trigrams: all of it) and day agree in one row only. *Splink* is trained on these very papers
and rows; its match weights are put as one question, who of these or nobody, and judged by the limits of
our own verdicts. It compares name, date of birth, number and sex; ours also homes, parents and spouses."""


_VERDICT = """\
- **Whose verdicts.** One per person named on the paper, and in any case one for each whom it is about:
  `wife` and `husband` of a marriage, else `subject`. Where neither name nor number can be read, nobody is
  looked up: `review` without a number, and the findings say what is missing or unreadable. A household
  book is about its `member:N`, the head being one of them; where it names none, `head_full_name` is
  compared as `subject`. A paper of form `other` is about nobody: only a person named on it has a verdict.
- **A number of another** is `conflicting`, the verdict `review`: the holder bears another name, or only
  a name alike with another sex or birth, or the same name with a birth twelve years off or none of the
  parents (a father's number on his son's paper), or another row is nearer (a namesake born that day is not,
  without home, parents or spouse). The findings compare with the nearer row where there is one, else with
  the holder's, and the number then has no `population`. Of such a verdict only the conflict is a reason.
- **Another couple** (`couple`, `conflicting`): the row's spouse, or the partner's, is somebody else than the
  paper's. Who was found without a number is then `review`, whatever else agrees; who was found by the number
  stays matched ([decision 26](adr/0026-what-the-register-says-of-a-family-can-speak-against.md)).
- **One row for two people** on the paper (`same_row`, `conflicting`, the paper's value being the other's
  role): `review` for each of them.
- **Life and marriage** (`vital_status`, `spouse_personal_id`) are findings only where they contradict the
  paper and the row last changed before the day of which it speaks: a confirmation's issue, a marriage's
  registration, both surely known (`docs/adr/0016`). They weigh nothing.
- **Findings become reasons** where the person is matched, or the row's probability is 0.98 or more.
- **`decided_by`** stands in a verdict only where an officer, accepting the document, said which of the
  persons listed it is: `matched` is then the officer's word, the findings are those against that row,
  and `probability` is still what the comparison alone said of it. It is undone where others are listed or
  that row agrees otherwise by now, and where the document goes back to review
  ([decision 19](adr/0019-an-officer-says-who-it-is.md)).
- **`kind`** judges the pair of values, never the person (`docs/glossary.md`).
- **`weight`** is the evidence of the pair in bits: log2 of how much likelier it is for one person's paper
  and row than for those of two people. Above 0 it speaks for the same person, below 0 against, at 0 it
  says nothing; +10 is a thousand to one, and the bits of a candidate's findings add up. Kind and sign are
  two things: a `different` value can speak *for* the person. Day and month swapped (+8.0), another slip in
  a date (+3.5) or one wrong digit in a number (+7.4) are much likelier in one person's papers than by chance
  between two people's; another date altogether (-6.6) or another number (-9.0) speaks against. A value
  that its readers do not vouch for counts less: 0.8 of its weight for, 0.4 against."""


def way_grid(run: MatchingRun) -> Grid:
    """One row per way to find people."""
    base = run.tallies[0].milliseconds
    header = (
        "way", "matched rightly %", "matched wrongly", "found %", "nobody, rightly %",
        "ms per person", "time × Hoso", "s to prepare",
    )  # fmt: skip
    persons = run.tallies[0].persons
    title = f"{persons} people on {run.papers} papers, {run.population} in the population"
    rows = tuple(_row(one, base, len(header)) for one in run.tallies)
    return Grid(title=title, header=header, rows=rows)


def _row(one: Tally, base: float, columns: int) -> tuple[str, ...]:
    if one.failure:
        why = one.failure[:_REASON].replace("|", "/")
        return (one.name, f"did not run: {why}", *(NONE for _ in range(columns - 2)))
    return (
        one.name,
        share(one.right / max(1, one.present), places=1),
        f"{one.wrong} of {one.matched}",
        share(one.seen / max(1, one.present), places=1),
        share(one.nobody / max(1, one.absent), places=1),
        f"{one.milliseconds:.2f}",
        ratio(one.milliseconds, base),
        f"{one.preparation:.1f}",
    )


def finding_grid(run: MatchingRun) -> Grid:
    """What our verdicts said of the planted errors."""
    score = run.findings
    rows = (
        ("planted errors found", share(score.found_share), str(score.planted)),
        (
            "planted errors found or marked as doubtful",
            share(score.flagged_share),
            str(score.planted),
        ),
        ("findings that are false", share(score.false_share), str(score.alleged)),
        ("pairs of values with a false finding", share(score.false_pair_share), str(score.pairs)),
    )
    return Grid(title="Errors of the population", header=("figure", "%", "of"), rows=rows)


def markdown(run: MatchingRun, circumstances: Circumstances) -> str:
    """``docs/matching.md``."""
    facts = "\n".join(f"- {name}: {value}" for name, value in circumstances.facts().items())
    parts = [
        "# How well Hoso finds people, beside other ways",
        "Written by the command below; do not edit.",
        facts,
        *(f"## {grid.title}\n\n{grid.markdown()}" for grid in (way_grid(run), finding_grid(run))),
        f"## How it was measured\n\n{_HOW}",
        f"## What a verdict says\n\n{_VERDICT}",
    ]
    return "\n\n".join(parts) + "\n"
