// Whom activating a notification would reach, before anybody activates it: counted by the server over the records that match now, no
// further than 10,000 and no longer than a few seconds.
import { isEmailAddress } from '#modules/accounts'
import { loadNotification, type Notification } from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { reading, type Sql, sellerScope } from '#platform/db.ts'
import type { App } from '../app.ts'
import { askedNow } from './mail-existing.ts'
import { matching, reachOf } from './reach.ts'

export const REACH_MOST = 10_000
const EXAMPLES = 3
const COUNT_MS = 10_000

export type Reach =
  | {
      /** Which records match, in words. */
      readonly words: string
      readonly whyNot?: undefined
      readonly mails: number
      /** Different addresses, those in copy included. */
      readonly recipients: number
      /** There are more than were counted. */
      readonly isMore: boolean
      /** False where counting took too long: there may be very many. */
      readonly isCounted: boolean
      readonly examples: readonly {
        readonly record: string
        readonly customer: string
        readonly to: readonly string[]
      }[]
    }
  | { readonly whyNot: string }

type Draft = Partial<Pick<Notification, 'toExtra' | 'cc' | 'bcc' | 'days' | 'conditions'>>

/** `draft`: as it would be with what an editor has typed. */
export async function countReach(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  { code, draft = {} }: { readonly code: string; readonly draft?: Draft },
): Promise<Reach> {
  assertMay(actor, 'manage-setup')
  const known = await reading(app.db, sellerScope, (sql) => loadNotification(sql, code))
  const about = reachOf(known)
  try {
    return await reading(app.db, sellerScope, async (sql) => {
      const notification = { ...known, ...draft }
      if ('whyNot' in about) return about
      return { words: about.words, ...(await count(sql, notification, app.now())) }
    })
  } catch (error) {
    if (!isTooSlow(error) || 'whyNot' in about) throw error
    return { words: about.words, mails: 0, recipients: 0, isMore: true, isCounted: false, examples: [] }
  }
}

async function count(sql: Sql, notification: Notification, at: Temporal.Instant) {
  const asked = await askedNow(sql, notification, at)
  const others = [...notification.toExtra, ...notification.cc, ...notification.bcc].filter(isEmailAddress)
  await sql.plain(`set local statement_timeout = ${COUNT_MS}`, [])
  sql.planFor('values')
  const found = await sql.one<{
    mails: number
    recipients: number
    examples: { record: string; customer: string; to: string[] }[]
  }>`
    with found as materialized (
      select found.* from ${matching(sql, notification, asked)} limit ${REACH_MOST + 1}
    ), somebody as (
      select unnest(addresses || copies || blind) as address from found
      union all
      select unnest(${others}::text[]) where exists (select 1 from found)
    )
    select (select count(*)::int from found) as mails,
      (select count(distinct lower(address))::int from somebody where address <> '') as recipients,
      (select coalesce(jsonb_agg(jsonb_build_object('record', record, 'customer', customer, 'to', addresses || copies)), '[]')
        from (select * from found order by id desc limit ${EXAMPLES}) few) as examples`
  return {
    mails: Math.min(found.mails, REACH_MOST),
    recipients: found.recipients,
    isMore: found.mails > REACH_MOST,
    isCounted: true,
    examples: found.examples,
  }
}

/** PostgreSQL's word for a statement that took too long. */
function isTooSlow(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '57014'
}
