// Two records of one company. What holds is the account that stays; what is in the way is said in plain words, all of it at once.
import type { Account } from './account.ts'
import type { SyncStatus } from './sync-status.ts'

export type MergeFacts = {
  /** Numbers of orders that are on their way to a vendor, of the account that is given up. */
  readonly onTheirWay: readonly string[]
  /** Of both. */
  readonly statuses: readonly Pick<SyncStatus, 'accountId' | 'state'>[]
  /** Whether whoever merges may change terms: what the one that is given up may owe is lost. */
  readonly mayChangeTerms: boolean
}

type Side = Pick<
  Account,
  'id' | 'number' | 'name' | 'kind' | 'parentId' | 'currency' | 'state' | 'creditLimitMinor'
>

/** Why two accounts cannot be merged; empty where they can. */
export function mergeObstacles(
  from: Side,
  into: Side,
  { onTheirWay, statuses, mayChangeTerms }: MergeFacts,
): string[] {
  if (from.id === into.id) return ['An account cannot be merged into itself.']
  const obstacles: string[] = []
  for (const account of [from, into])
    if (account.state === 'merged')
      obstacles.push(`${named(account)} was merged into another account already.`)
  if (from.kind !== into.kind)
    obstacles.push(
      'One of them is a reseller and the other a customer: what was sold to them was priced by that.',
    )
  else if (from.parentId !== into.parentId)
    obstacles.push('They do not belong to the same reseller: somebody else would pay for what is running.')
  if (from.currency !== into.currency)
    obstacles.push(
      `Their currencies differ (${from.currency} and ${into.currency}): credit limits and prices are in them.`,
    )
  else if (!mayChangeTerms && isLooser(into, from))
    obstacles.push(
      `${named(from)} has a credit limit, and ${named(into)} ${into.creditLimitMinor === undefined ? 'none' : 'a higher one'}. Only people with the right "Change terms" merge them: ask one of them.`,
    )
  if (onTheirWay.length > 0)
    obstacles.push(
      `Orders of ${named(from)} are on their way to a vendor: ${onTheirWay.slice(0, 5).join(', ')}${onTheirWay.length > 5 ? ' and others' : ''}. Wait until they are delivered, or repair or cancel what failed.`,
    )
  if (statuses.some(({ state }) => state === 'synchronizing'))
    obstacles.push(
      'One of them is being synchronized with a vendor at this moment. Wait until that has ended.',
    )
  return obstacles
}

const isLooser = (one: Side, other: Side) =>
  other.creditLimitMinor !== undefined &&
  (one.creditLimitMinor === undefined || one.creditLimitMinor > other.creditLimitMinor)

const named = ({ number, name }: Side) => `${name} (${number})`
