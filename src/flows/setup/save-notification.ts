// Saves what an operator wrote for a notification. A template that cannot be rendered is refused with its line, and so is
// an edit of a version somebody else has replaced meanwhile.

import { isCountry } from '#kernel/countries.ts'
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { type AccountId, isId, newId } from '#kernel/ids.ts'
import { languageFaults } from '#kernel/language.ts'
import { holdsControl } from '#kernel/text.ts'
import { findAccount, isEmailAddress } from '#modules/accounts'
import { differences, recordAudit } from '#modules/audit'
import {
  asksForProductKind,
  checkTemplate,
  insertRun,
  isDated,
  loadNotification,
  lockNotification,
  type Notification,
  type NotificationConditions,
  type NotificationEvent,
  type NotificationRunId,
  notificationEvents,
  recipientIn,
  recipientsOf,
  saveNotification as save,
  stopRuns,
  variablesOf,
} from '#modules/notifications'
import { assertMay, type Staff } from '#modules/users'
import { reading, type Sql, sellerScope, type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { mailExisting } from '../notifying/mail-existing.ts'
import { PAYMENT_REMINDER } from '../notifying/payment-reminders.ts'
import { reachOf } from '../notifying/reach.ts'

/** What is written of a notification, those of the seller's own making included. */
export type NotificationWords = {
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
  /** Of the words; as it was where it is left out. */
  readonly language?: string | undefined
  /** Of one's own alone. */
  readonly name?: string | undefined
  readonly conditions?: NotificationConditions | undefined
}

export type NotificationInput = NotificationWords & {
  readonly code: string
  /** The version the editor had opened. */
  readonly version: number
  readonly isActive: boolean
}

const MOST_ADDRESSES = 20

export async function saveNotification(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: NotificationInput,
): Promise<Notification> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await lockNotification(tx, input.code)
    const { lists, days, name, conditions, language } = await readNotification(tx, before, input)
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
      name,
      conditions,
      language,
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

/** What a draft would be saved as; refuses what is wrong with it. */
export async function checkNotification(
  app: Pick<App, 'db'>,
  actor: Staff,
  input: NotificationWords & { readonly code: string },
): Promise<Pick<Notification, 'toExtra' | 'cc' | 'bcc' | 'days' | 'conditions'>> {
  assertMay(actor, 'manage-setup')
  return reading(app.db, sellerScope, async (sql) => {
    const known = await loadNotification(sql, input.code)
    const { lists, days, conditions } = await readNotification(sql, known, input)
    return { toExtra: lists.to, cc: lists.cc, bcc: lists.bcc, days, conditions }
  })
}

type Known = Pick<Notification, 'code' | 'event' | 'name' | 'conditions' | 'language'>
type Read = Pick<Notification, 'days' | 'name' | 'conditions' | 'language'> & {
  readonly lists: { readonly to: string[]; readonly cc: string[]; readonly bcc: string[] }
}

/** What was typed, understood; refuses what is wrong with it. */
export async function readNotification(sql: Sql, known: Known, input: NotificationWords): Promise<Read> {
  const lists = { to: addressesIn(input.to), cc: addressesIn(input.cc), bcc: addressesIn(input.bcc) }
  const name = known.event ? (input.name ?? known.name).trim() : known.name
  const conditions = known.event ? tidy(input.conditions ?? known.conditions) : known.conditions
  const language = (input.language ?? known.language).trim()
  const faults: FieldFault[] = [
    ...templateFaults(known, input),
    ...Object.entries(lists).flatMap(([field, addresses]) => addressFaults(known.event, field, addresses)),
    ...languageFaults(language),
    ...reachFaults(known, input),
    ...(known.event
      ? ownFaults(known.event, { name, conditions, to: lists.to })
      : seededFaults(known, input)),
    ...(await accountFaults(sql, conditions)),
  ]
  if (faults.length > 0) throw invalid(...faults)
  return { lists, name, conditions, language, days: [...new Set(input.days)].sort((a, b) => a - b) }
}

/** Without what asks for nothing. */
function tidy({
  accountId,
  countries,
  language,
  productKind,
}: NotificationConditions): NotificationConditions {
  return {
    ...(accountId ? { accountId } : {}),
    ...(countries && countries.length > 0
      ? { countries: [...new Set(countries.map((each) => each.toUpperCase()))].sort() }
      : {}),
    ...(language ? { language } : {}),
    ...(productKind ? { productKind } : {}),
  }
}

/** What came with the system keeps its name and is sent by its own flow. */
function seededFaults(
  known: Pick<Notification, 'name'>,
  { name, conditions }: Pick<NotificationWords, 'name' | 'conditions'>,
): FieldFault[] {
  const message = 'Only a notification of your own has this. Make a copy of this one.'
  return [
    ...(name === undefined || name === known.name ? [] : [{ pointer: '/name', code: 'not-own', message }]),
    ...(Object.keys(conditions ?? {}).length === 0
      ? []
      : [{ pointer: '/conditions', code: 'not-own', message }]),
  ]
}

const MOST_NAME = 80

function ownFaults(
  event: NotificationEvent,
  { name, conditions, to }: Pick<Notification, 'name' | 'conditions'> & { readonly to: readonly string[] },
): FieldFault[] {
  const faults: FieldFault[] = []
  if (name === '' || name.length > MOST_NAME || holdsControl(name))
    faults.push({
      pointer: '/name',
      code: 'required',
      message: `Give the notification a name of at most ${MOST_NAME} characters.`,
    })
  if (to.length === 0)
    faults.push({ pointer: '/to', code: 'required', message: 'Say who gets it, by address or by variable.' })
  const { countries = [], language, productKind } = conditions
  for (const each of countries.filter((code) => !isCountry(code)))
    faults.push({
      pointer: '/conditions/countries',
      code: 'unknown-country',
      message: `"${each.slice(0, 20)}" is no country. Countries are written like DE, AT.`,
    })
  if (language)
    faults.push(...languageFaults(language).map((fault) => ({ ...fault, pointer: '/conditions/language' })))
  const { entity } = notificationEvents[event]
  if (productKind && !asksForProductKind(entity))
    faults.push({
      pointer: '/conditions/productKind',
      code: 'not-offered',
      message: 'Only orders, subscriptions and invoices are told apart by the kind of what they are about.',
    })
  return faults
}

async function accountFaults(sql: Sql, { accountId }: NotificationConditions): Promise<FieldFault[]> {
  if (!accountId || (isId(accountId) && (await findAccount(sql, accountId as AccountId)))) return []
  return [
    {
      pointer: '/conditions/accountId',
      code: 'account/not-found',
      message: 'This account does not exist.',
    },
  ]
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
  known: Pick<Notification, 'code' | 'event'>,
  words: { readonly subject: string; readonly body: string },
): FieldFault[] {
  return checkTemplate(words, variablesOf(known)).map(({ field, line, message }) => ({
    pointer: `/${field}`,
    code: 'notification/bad-template',
    message: `Line ${line}: ${message}`,
  }))
}

const MOST_DAYS = 10

/** Reminders are about days; what makes no sense of the records there are is not offered. */
function reachFaults(
  known: Pick<Notification, 'code' | 'event'>,
  { onlyNew, days }: Pick<NotificationWords, 'onlyNew' | 'days'>,
): FieldFault[] {
  const about = reachOf(known)
  const faults: FieldFault[] = []
  if (!onlyNew && 'whyNot' in about)
    faults.push({ pointer: '/onlyNew', code: 'not-offered', message: about.whyNot })
  const isReminder = known.code === PAYMENT_REMINDER || isDated(known.event)
  const latest = known.event === 'subscription.renewal-due' ? 0 : 365
  const areDays = days.every((each) => Number.isInteger(each) && each >= -365 && each <= latest)
  if (!areDays || (isReminder && days.length === 0) || days.length > MOST_DAYS)
    faults.push({
      pointer: '/days',
      code: 'not-days',
      message:
        latest === 0
          ? `Give one to ${MOST_DAYS} whole numbers of days before the end, each from -365 to 0, such as -60, -14.`
          : `Give one to ${MOST_DAYS} whole numbers of days, each from -365 to 365, such as -3, 7, 14.`,
    })
  if (!isReminder && days.length > 0)
    faults.push({
      pointer: '/days',
      code: 'not-offered',
      message: 'Only a reminder is sent on certain days.',
    })
  return faults
}

/** Addresses, and variables that stand for some: `{{ payer.email }}`. */
function addressesIn(text: string): string[] {
  const all = text.match(/\{\{[^}]*\}\}|[^\s,;]+/g) ?? []
  return [
    ...new Set(
      all.map((each) => {
        const name = recipientIn(each)
        return name ? `{{ ${name} }}` : each
      }),
    ),
  ]
}

function addressFaults(
  event: NotificationEvent | null,
  field: string,
  addresses: readonly string[],
): FieldFault[] {
  const known = event ? recipientsOf(event).map(({ name }) => name) : []
  const wrong = addresses.filter((each) => !isEmailAddress(each) && !known.includes(recipientIn(each) ?? ''))
  const pointer = `/${field}`
  if (addresses.length > MOST_ADDRESSES)
    return [{ pointer, code: 'too-many', message: `At most ${MOST_ADDRESSES} addresses.` }]
  return wrong.map((each) => ({
    pointer,
    code: 'not-an-email',
    message:
      known.length > 0 && each.startsWith('{{')
        ? `There is no recipient "${each.slice(0, 80)}" here. Known are: ${known.join(', ')}.`
        : `"${each.slice(0, 80)}" is not an e-mail address like name@company.example.`,
  }))
}
