// The name that greets the reader of a mail: of whoever has its address at the companies it is about.
import type { AccountId } from '#kernel/ids.ts'
import type { Tx } from '#platform/db.ts'

/** Empty where it goes to several people, or to an address nobody is known at. */
export async function greetedName(
  tx: Tx,
  companies: readonly AccountId[],
  toAddresses: readonly string[],
): Promise<string> {
  const addresses = [...new Set(toAddresses.map((each) => each.toLowerCase()))]
  const found = await tx.many<{ name: string }>`
    with company as (
      select id, lower(email) as email, trim(contact_first_name || ' ' || contact_last_name) as contact
      from account where id = any (${[...companies]}::uuid[])),
    known as (
      select email, contact as name, 1 as rank from company
      union all select lower(person.email), person.name, 2
        from company join account_contact person on person.account_id = company.id
      union all select lower(person.email), person.name, 3
        from company join app_user person on person.account_id = company.id
      -- Nobody by that address, and yet of theirs: where their keys go.
      union all select lower(options.options->>'keyDeliveryEmail'), contact, 4
        from company join sync_options options on options.account_id = company.id)
    select distinct name from (
      select distinct on (email) name from known where name <> '' and email = any (${addresses}::text[])
      order by email, rank, name) as greeted`
  const [only, another] = found
  return only && !another ? only.name : ''
}
