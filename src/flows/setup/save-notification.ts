// Saves what an operator wrote for a notification. A template that cannot be rendered is refused with its line, and so is
// an edit of a version somebody else has replaced meanwhile.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import { isEmailAddress } from '#modules/accounts'
import { differences, recordAudit } from '#modules/audit'
import {
  checkTemplate,
  insertRun,
  lockNotification,
  type Notification,
  type NotificationRunId,
  saveNotification as save,
  stopRuns,
  variablesOf,
} from '#modules/notifications'
import { assertMay, type Staff } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { mailExisting } from '../notifying/mail-existing.ts'
import { PAYMENT_REMINDER } from '../notifying/payment-reminders.ts'
import { reachOf } from '../notifying/reach.ts'

export type NotificationInput = {
  readonly code: string
  /** The version the editor had opened. */
  readonly version: number
  readonly isActive: boolean
  readonly subject: string
  readonly body: string
  /** Addresses, separated by commas, semicolons or line breaks. */
  readonly to: string
  readonly cc: string
  readonly bcc: string
  /** Activating it mails nobody about what is there already. */
  readonly onlyNew: boolean
  /** Of a reminder: days after the due day, below zero before it. */
  readonly days: readonly number[]
}

const MOST_ADDRESSES = 20

export async function saveNotification(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: NotificationInput,
): Promise<Notification> {
  assertMay(actor, 'manage-setup')
  const { lists, days } = readNotification(input)
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockNotification(tx, input.code)
    if (before.version !== input.version)
      throw new Refusal(
        'state/changed-meanwhile',
        'Somebody else has saved this notification since you opened it. Your text is kept below; compare it with theirs before you save again.',
        { version: before.version },
      )
    const isActivated = input.isActive && !before.isActive
    const after: Notification = {
      ...before,
      isActive: input.isActive,
      subject: input.subject.trim(),
      body: input.body.replace(/\r\n?/g, '\n'),
      toExtra: lists.to,
      cc: lists.cc,
      bcc: lists.bcc,
      onlyNew: input.onlyNew,
      days,
      inForceSince: isActivated || days.join() !== before.days.join() ? at : before.inForceSince,
    }
    await save(tx, after, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'notification/changed',
      subjectType: 'notification',
      subjectId: after.code,
      ...differences(told(before), told(after)),
    })
    if (isActivated && !after.onlyNew) await startMailing(tx, actor, after.code, at)
    if (!after.isActive && before.isActive)
      await stopRuns(tx, after.code, `${actor.name} switched the notification off.`, at)
    return { ...after, version: before.version + 1, updatedAt: at }
  })
}

/** What was typed, understood; refuses what is wrong with it. */
export function readNotification(input: Omit<NotificationInput, 'version' | 'isActive'>): {
  readonly lists: { readonly to: string[]; readonly cc: string[]; readonly bcc: string[] }
  readonly days: number[]
} {
  const lists = { to: addressesIn(input.to), cc: addressesIn(input.cc), bcc: addressesIn(input.bcc) }
  const faults: FieldFault[] = [
    ...templateFaults(input.code, input),
    ...Object.entries(lists).flatMap(([field, addresses]) => addressFaults(field, addresses)),
    ...reachFaults(input),
  ]
  if (faults.length > 0) throw invalid(...faults)
  return { lists, days: [...new Set(input.days)].sort((a, b) => a - b) }
}

/** What the audit log tells; since when it is in force is the entry's own moment. */
function told({ inForceSince: _, ...notification }: Notification): Omit<Notification, 'inForceSince'> {
  return notification
}

/** What matches already is mailed by a job, each record once. */
async function startMailing(tx: Tx, actor: Staff, code: string, at: Temporal.Instant): Promise<void> {
  await stopRuns(tx, code, 'The notification was activated anew.', at)
  const id = newId<NotificationRunId>()
  await insertRun(tx, { id, code, userId: actor.userId, startedAt: at })
  await enqueue(tx, mailExisting, [{ notificationRunId: id }])
  await recordAudit(tx, {
    at,
    actor,
    action: 'notification/existing-mailed',
    subjectType: 'notification',
    subjectId: code,
  })
}

/** What cannot be rendered of a notification's words, by field and line. */
export function templateFaults(
  code: string,
  words: { readonly subject: string; readonly body: string },
): FieldFault[] {
  return checkTemplate(words, variablesOf(code)).map(({ field, line, message }) => ({
    pointer: `/${field}`,
    code: 'notification/bad-template',
    message: `Line ${line}: ${message}`,
  }))
}

const MOST_DAYS = 10

/** Reminders are about days; what makes no sense of the records there are is not offered. */
function reachFaults({
  code,
  onlyNew,
  days,
}: Pick<NotificationInput, 'code' | 'onlyNew' | 'days'>): FieldFault[] {
  const about = reachOf(code)
  const faults: FieldFault[] = []
  if (!onlyNew && 'whyNot' in about)
    faults.push({ pointer: '/onlyNew', code: 'not-offered', message: about.whyNot })
  const isReminder = code === PAYMENT_REMINDER
  const areDays = days.every((each) => Number.isInteger(each) && Math.abs(each) <= 365)
  if (!areDays || (isReminder && days.length === 0) || days.length > MOST_DAYS)
    faults.push({
      pointer: '/days',
      code: 'not-days',
      message: `Give one to ${MOST_DAYS} whole numbers of days, each from -365 to 365, such as -3, 7, 14.`,
    })
  if (!isReminder && days.length > 0)
    faults.push({
      pointer: '/days',
      code: 'not-offered',
      message: 'Only a reminder is sent on certain days.',
    })
  return faults
}

function addressesIn(text: string): string[] {
  const all = text.split(/[\s,;]+/).filter((each) => each !== '')
  return [...new Set(all)]
}

function addressFaults(field: string, addresses: readonly string[]): FieldFault[] {
  const wrong = addresses.filter((each) => !isEmailAddress(each))
  const pointer = `/${field}`
  if (addresses.length > MOST_ADDRESSES)
    return [{ pointer, code: 'too-many', message: `At most ${MOST_ADDRESSES} addresses.` }]
  return wrong.map((each) => ({
    pointer,
    code: 'not-an-email',
    message: `"${each.slice(0, 80)}" is not an e-mail address like name@company.example.`,
  }))
}
