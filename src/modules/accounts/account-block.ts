// Blocking an account: its people neither enter nor stay, and nothing new is ordered for it. What runs goes on.
import { invalid, Refusal } from '#kernel/failure.ts'
import type { Account } from './account.ts'

/** The seller's own words; the account never sees them. */
export type AccountBlock = {
  readonly reason: string
  readonly blockedAt: Temporal.Instant
  /** As they were called then. */
  readonly blockedBy: string
}

export const BLOCK_REASON_MOST = 500

export function readBlockReason(text: string): string {
  const reason = text.replace(/\s+/g, ' ').trim()
  if (reason === '')
    throw invalid({
      pointer: '/reason',
      code: 'required',
      message: 'Say why, for colleagues who will wonder.',
    })
  if (reason.length > BLOCK_REASON_MOST)
    throw invalid({
      pointer: '/reason',
      code: 'too-long',
      message: `The reason has at most ${BLOCK_REASON_MOST} characters.`,
    })
  return reason
}

/** What waits for an account that is blocked goes on waiting. */
export function assertMayExecuteFor(accounts: readonly Pick<Account, 'name' | 'state'>[]): void {
  const blocked = accounts.find(({ state }) => state === 'blocked')
  if (blocked)
    throw new Refusal(
      'account/blocked',
      `${blocked.name} is blocked, so its orders wait. Unblock the account first, or cancel this order.`,
    )
}
