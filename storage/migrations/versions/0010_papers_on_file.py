"""Documents are found by the paper that they are of: a second scan of it is told from a first one."""

from alembic import op

revision = "0010"
down_revision = "0009"

# as matching/same_paper.py makes them, each a digest, for a key longer than 2,712 bytes fits no page of an
# index; a document that is matched again has them anew
KNOWN = """
with vouched as (
    select document.id, record ->> 'form' as form, entry.key as name,
        entry.value ->> 'value' as value
    from document, jsonb_each(record -> 'fields') as entry
    where entry.value ->> 'value' <> ''
        and ((entry.value ->> 'certain')::boolean or entry.value ? 'corrected_by')
), keyed as (
    select id, form, name || '/' || value as key from vouched
    where (form, name) in (('identity_card', 'personal_id'), ('household_book', 'household_number'))
    union all
    select number.id, number.form, number.name || '/'
        || coalesce(array_to_string(
            regexp_match(number.value, '^0*([0-9]+)/([0-9]{4})(?![0-9])'), '/'), number.value)
        || '/' || beside.name || '/' || beside.value
    from vouched as number join vouched as beside on beside.id = number.id
    where number.name in ('number', 'registration_number') and beside.name in
        ('issue_date', 'registration_date', 'registration_place', 'issuing_agency')
    union all
    select document.id, record ->> 'form',
        (verdict ->> 'role') || '/' || (verdict ->> 'personal_id')
    from document, jsonb_array_elements(verdicts) as verdict
    where verdict ->> 'decision' = 'matched' and verdict ->> 'role' in ('subject', 'wife', 'husband')
), found as (
    select id, array_agg(distinct
        encode(sha256(convert_to(form || '/' || key, 'UTF8')), 'hex')) as keys from keyed
    where form <> 'other' and key is not null group by id
)
update document set paper_keys = found.keys from found where document.id = found.id
"""


def upgrade() -> None:
    op.execute("alter table document add column paper_keys text[] not null default '{}'")
    op.execute(KNOWN)
    op.execute("create index document_paper on document using gin (paper_keys)")
