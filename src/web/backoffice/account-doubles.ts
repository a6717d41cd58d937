// What an account's page asks about doubles, and where the page of one that was merged leads.
import type { App } from '#flows/app.ts'
import type { Account } from '#modules/accounts'
import type { Staff } from '#modules/users'
import { listDuplicates, viewMergedInto } from '#views/accounts/view-merge.ts'
import { done } from '#web/forms.ts'
import { duplicateShown } from './merge-shown.ts'
import type { DoublesShown } from './parts/account-doubles.tsx'

export async function doublesOf(app: App, actor: Staff, { id }: Pick<Account, 'id'>): Promise<DoublesShown> {
  const [duplicates, merged] = await Promise.all([
    listDuplicates(app.db, actor, { id }),
    viewMergedInto(app.db, actor, { id }),
  ])
  return {
    mayMerge: actor.rights.has('manage-accounts'),
    duplicates: duplicates.map(duplicateShown),
    merged: merged.map(({ number, name }) => ({ number, name })),
  }
}

/** The address of an account that was merged leads to the one it is now, with a word about it. */
export function leadOn({ state, mergedIntoId, name, number }: Account): void {
  if (state === 'merged' && mergedIntoId)
    throw done(`/accounts/${mergedIntoId}`, `${name} (${number}) was merged into this account.`)
}
