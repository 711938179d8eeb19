"""Papers are found by the personal number printed on them, also where nobody was matched."""

from alembic import op

revision = "0011"
down_revision = "0010"

# as matching/same_paper.py makes them, beside those of 0010
PRINTED = """
with printed as (
    select document.id, array_agg(distinct encode(sha256(convert_to(
            (record ->> 'form') || '/' || asked.role || '/' || (entry.value ->> 'value'), 'UTF8'
        )), 'hex')) as keys
    from document, jsonb_each(record -> 'fields') as entry
    join (values ('subject', 'personal_id'), ('wife', 'wife_personal_id'),
        ('husband', 'husband_personal_id')) as asked (role, name) on asked.name = entry.key
    where record ->> 'form' <> 'other' and entry.value ->> 'value' <> ''
        and ((entry.value ->> 'certain')::boolean or entry.value ? 'corrected_by')
    group by document.id
)
update document set paper_keys = array(
    select distinct one from unnest(document.paper_keys || printed.keys) as one
) from printed where document.id = printed.id
"""


def upgrade() -> None:
    op.execute(PRINTED)
