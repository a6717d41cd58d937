// The table notification_run: how far the mails about what was there when a notification was activated have come.
import { Refusal } from '#kernel/failure.ts'
import type { Id, UserId } from '#kernel/ids.ts'
import type { Sql, Tx } from '#platform/db.ts'

export type NotificationRunId = Id<'notification run'>
export type RunState = 'running' | 'done' | 'stopped' | 'failed'

export type NotificationRun = {
  readonly id: NotificationRunId
  readonly code: string
  readonly userId: UserId
  readonly state: RunState
  /** The last record that was looked at; they are taken in the order of their ids. */
  readonly reached: string | null
  readonly mailCount: number
  /** Why it was stopped or failed. */
  readonly problem: string
  readonly startedAt: Temporal.Instant
  readonly endedAt: Temporal.Instant | null
}

const columns = (sql: Sql) =>
  sql.part`id, code, user_id, state, reached, mail_count, problem, started_at, ended_at`

export async function insertRun(
  tx: Tx,
  run: Pick<NotificationRun, 'id' | 'code' | 'userId' | 'startedAt'>,
): Promise<void> {
  await tx.run`
    insert into notification_run (id, code, user_id, state, started_at)
    values (${run.id}, ${run.code}, ${run.userId}, 'running', ${run.startedAt})`
}

/** Two workers that came to it take turns. */
export async function lockRun(tx: Tx, id: NotificationRunId): Promise<NotificationRun> {
  const run = await tx.maybe<NotificationRun>`
    select ${columns(tx)} from notification_run where id = ${id} for update`
  if (!run) throw new Refusal('notification-run/not-found', 'This run does not exist.', { id })
  return run
}

export async function saveRun(tx: Tx, run: NotificationRun): Promise<void> {
  await tx.run`
    update notification_run set state = ${run.state}, reached = ${run.reached}, mail_count = ${run.mailCount}, problem = ${run.problem},
      ended_at = ${run.endedAt}
    where id = ${run.id}`
}

/** What is under way of this notification goes no further. */
export async function stopRuns(tx: Tx, code: string, problem: string, at: Temporal.Instant): Promise<void> {
  await tx.run`
    update notification_run set state = 'stopped', problem = ${problem}, ended_at = ${at}
    where code = ${code} and state in ('running', 'failed')`
}

export async function findLatestRun(sql: Sql, code: string): Promise<NotificationRun | undefined> {
  return sql.maybe<NotificationRun>`
    select ${columns(sql)} from notification_run where code = ${code} order by id desc limit 1`
}
