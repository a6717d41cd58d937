// A merge of two accounts as its page shows it: every text made on the server.
import { countryName } from '#kernel/countries.ts'
import type { Account } from '#modules/accounts'
import type { AccountRow } from '#views/accounts/list-accounts.ts'
import type { Duplicate, MergePreview } from '#views/accounts/view-merge.ts'
import { numberDisplay } from '#web/format.ts'

type Named = Pick<AccountRow, 'id' | 'name' | 'number' | 'city' | 'country'>

/** An account as a searchable drop-down shows it. */
export function accountFound({ id, name, number, city, country }: Named) {
  return { id: id as string, name, about: [number, city, countryName(country)].filter(Boolean).join(' · ') }
}

export function duplicateShown({ sameVatNumber, sameEmail, ...account }: Duplicate) {
  const same = [...(sameVatNumber ? ['VAT number'] : []), ...(sameEmail ? ['e-mail'] : [])]
  return { ...accountFound(account), why: `Same ${same.join(' and ') || 'name and country'}` }
}

const sideShown = ({ id, name, number, city, country }: Account) => ({
  id: id as string,
  name,
  number,
  about: [number, city, countryName(country)].filter(Boolean).join(' · '),
})

const outcomes: Readonly<Record<MergePreview['identities'][number]['outcome'], string>> = {
  moves: 'The vendor’s customer becomes that of the account that stays.',
  stays: 'Only the account that stays is known there.',
  both: 'Both are known there, and the vendor keeps both. What runs stays under the customer it was bought for; new orders go to that of the account that stays.',
}

export function mergeShown({ from, into, obstacles, moves, differences, identities }: MergePreview) {
  const counts: [string, number][] = [
    ['Users', moves.users],
    ['Contacts', moves.contacts],
    ['Customers', moves.customers],
    ['Orders', moves.orders],
    ['Licences', moves.assets],
    ['Subscriptions', moves.subscriptions],
    ['Invoices', moves.invoices],
    ['Open baskets', moves.openBaskets],
  ]
  return {
    from: sideShown(from),
    into: sideShown(into),
    obstacles: [...obstacles],
    counts: counts.map(([name, count]) => [name, numberDisplay(count)] as [string, string]),
    differences: differences.map((each) => ({ ...each })),
    identities: identities.map(({ instance, outcome, subscriptions }) => ({
      instance,
      text: outcomes[outcome],
      subscriptions: subscriptions === 0 ? '' : numberDisplay(subscriptions),
    })),
  }
}
