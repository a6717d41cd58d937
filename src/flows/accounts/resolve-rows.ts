// Whom rows of a file name: the account a row changes, and the reseller of a customer, which may be another row of the file.
import type { AccountId } from '#kernel/ids.ts'
import { currency } from '#kernel/money.ts'
import {
  type AccountImportId,
  findAccountsNamed,
  findRowsByReference,
  type ImportRow,
  type ImportWorld,
  loadAccounts,
} from '#modules/accounts'
import type { Tx } from '#platform/db.ts'

/**
 * The world of each row, in at most three statements. `within`: the import whose other rows may be meant as well, while nothing of it
 * exists; when it is imported, resellers come first and are found like every account.
 */
export async function resolveRows(
  tx: Tx,
  rows: readonly Pick<ImportRow, 'line' | 'cells'>[],
  within: AccountImportId | undefined,
): Promise<(row: Pick<ImportRow, 'cells'>) => ImportWorld> {
  const names = rows.flatMap(({ cells }) =>
    [cells.number, cells.externalReference, cells.reseller].filter(
      (name) => name !== undefined && name !== '',
    ),
  ) as string[]
  const accounts = await findAccountsNamed(tx, names)
  const open = rows.flatMap(({ cells }) =>
    cells.reseller && !accounts.has(cells.reseller.toLowerCase()) ? [cells.reseller] : [],
  )
  const inFile = within ? await findRowsByReference(tx, within, open) : new Map<string, ImportRow>()
  const known = [...inFile.values()].flatMap((row) =>
    row.accountId && (row.action === 'change' || row.action === 'same') ? [row.accountId] : [],
  )
  const changed = new Map((await loadAccounts(tx, known)).map((account) => [account.id, account]))
  const named = (name: string | undefined) => (name ? accounts.get(name.toLowerCase()) : undefined)
  return ({ cells }) => {
    const byNumber = named(cells.number)
    const byReference = named(cells.externalReference)
    return {
      // A number is looked up as a number, a reference as a reference.
      byNumber: byNumber?.number.toLowerCase() === cells.number?.toLowerCase() ? byNumber : undefined,
      byReference:
        byReference?.externalReference?.toLowerCase() === cells.externalReference?.toLowerCase()
          ? byReference
          : undefined,
      parent: cells.reseller
        ? (resellerOf(named(cells.reseller)) ??
          ofFile(cells.reseller, inFile.get(cells.reseller.toLowerCase()), changed))
        : undefined,
    }
  }
}

type Accounts = Awaited<ReturnType<typeof findAccountsNamed>>
type Account = Accounts extends ReadonlyMap<string, infer Item> ? Item : never

function resellerOf(account: Account | undefined): ImportWorld['parent'] {
  if (!account) return undefined
  if (account.state === 'merged') return `${account.number} was merged into another account.`
  return account.kind === 'reseller'
    ? account
    : `${account.number} is no reseller: only a reseller has customers of its own.`
}

function ofFile(
  name: string,
  row: ImportRow | undefined,
  accounts: ReadonlyMap<AccountId, Account>,
): ImportWorld['parent'] {
  if (!row) return `No reseller has the account number or external reference ${name.slice(0, 60)}.`
  if (row.action === 'wrong' || !row.accountId)
    return `Its reseller is on line ${row.line}, which is wrong itself.`
  const account = accounts.get(row.accountId)
  if (account) return resellerOf(account)
  if (row.cells.kind?.toLowerCase() !== 'reseller')
    return `Line ${row.line} is no reseller: only a reseller has customers of its own.`
  return {
    id: row.accountId,
    kind: 'reseller',
    currency: currency(row.cells.currency?.trim().toUpperCase() ?? ''),
    language: row.cells.language || 'en',
  }
}
