// A notification of the seller's own: made, perhaps as a copy of another, and deleted. It begins switched off; activating it is a change
// like any other, which says first whom it would reach.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { recordAudit } from '#modules/audit'
import {
  checkTemplate,
  firstWords,
  insertNotification,
  isDated,
  isNotificationEvent,
  listNotificationTexts,
  loadNotification,
  lockNotification,
  type Notification,
  type NotificationEvent,
  notificationEventNames,
  notificationEvents,
  recipientsOf,
  removeNotification,
  saveNotificationText,
  stopRuns,
  variablesOf,
} from '#modules/notifications'
import { assertMay, type Staff } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { type NotificationWords, readNotification } from './save-notification.ts'

export type NewNotification = Partial<NotificationWords> & {
  readonly name: string
  readonly event: string
  /** Code of another whose words and recipients it begins with. */
  readonly from?: string | undefined
}

export async function createNotification(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  input: NewNotification,
): Promise<Notification> {
  assertMay(actor, 'manage-setup')
  const event = eventIn(input.event)
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const from = input.from ? await loadNotification(tx, input.from) : undefined
    const blank = await blankFor(tx, event, input.name, at)
    const typed = typedOver(event, from, input)
    const { lists, ...read } = await readNotification(tx, blank, typed).catch((error) => {
      throw from && error instanceof Refusal ? toldOfCopy(error, input) : error
    })
    const made: Notification = {
      ...blank,
      ...read,
      subject: typed.subject.trim(),
      body: typed.body.replace(/\r\n?/g, '\n'),
      toExtra: lists.to,
      cc: lists.cc,
      bcc: lists.bcc,
      onlyNew: typed.onlyNew,
    }
    await insertNotification(tx, made, at)
    if (from) await copyTexts(tx, from, made, at)
    const { inForceSince: _, ...told } = made
    await recordAudit(tx, {
      at,
      actor,
      action: 'notification/created',
      subjectType: 'notification',
      subjectId: made.code,
      after: { ...told, ...(from ? { from: from.code } : {}) },
    })
    return made
  })
}

/** Those that came with the system stay; they can be switched off. */
export async function deleteNotification(
  app: Pick<App, 'db' | 'now'>,
  actor: Staff,
  { code }: { readonly code: string },
): Promise<void> {
  assertMay(actor, 'manage-setup')
  const at = app.now()
  await transaction(app.db, sellerScope, async (tx) => {
    const { inForceSince: _, ...before } = await lockNotification(tx, code)
    if (!before.event)
      throw new Refusal(
        'notification/not-own',
        'This notification came with the system and stays. Switch it off instead.',
      )
    await stopRuns(tx, code, `${actor.name} deleted the notification.`, at)
    await removeNotification(tx, code, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'notification/deleted',
      subjectType: 'notification',
      subjectId: code,
      before,
    })
  })
}

function eventIn(name: string): NotificationEvent {
  if (isNotificationEvent(name)) return name
  throw invalid({
    pointer: '/event',
    code: 'unknown-event',
    message: `Choose what sends it: ${notificationEventNames.join(', ')}.`,
  })
}

async function blankFor(
  tx: Tx,
  event: NotificationEvent,
  name: string,
  at: Temporal.Instant,
): Promise<Notification> {
  return {
    code: await freeCode(tx, name),
    name,
    entity: notificationEvents[event].entity,
    event,
    conditions: {},
    language: 'en',
    isActive: false,
    subject: '',
    body: '',
    toExtra: [],
    cc: [],
    bcc: [],
    onlyNew: true,
    days: [],
    version: 1,
    inForceSince: at,
    updatedAt: at,
  }
}

/** `own-order-for-hungary`, and a number behind it where that is taken; those that were deleted keep theirs. */
async function freeCode(tx: Tx, name: string): Promise<string> {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
  const slug = plain.replace(/^-|-$/g, '').slice(0, 50) || 'notification'
  const rows = await tx.many<{ code: string }>`
    select code from notification where code = ${`own-${slug}`} or code ~ ${`^own-${slug}-[0-9]+$`}`
  const taken = new Set(rows.map(({ code }) => code))
  let code = `own-${slug}`
  for (let number = 2; taken.has(code); number += 1) code = `own-${slug}-${number}`
  return code
}

/** What was given, over what it is a copy of, over what a new one begins with. */
function typedOver(
  event: NotificationEvent,
  from: Notification | undefined,
  input: NewNotification,
): NotificationWords {
  const first = firstWords(event)
  const [usual] = recipientsOf(event)
  // One that came with the system goes to its usual recipient besides.
  const to = from?.event ? from.toExtra : [`{{ ${usual?.name} }}`, ...(from?.toExtra ?? [])]
  const days = isDated(event) ? (from && from.days.length > 0 ? from.days : [-30]) : []
  return {
    name: input.name,
    subject: input.subject ?? from?.subject ?? first.subject,
    body: input.body ?? from?.body ?? first.body,
    to: input.to ?? to.join(', '),
    cc: input.cc ?? (from?.cc ?? []).join(', '),
    bcc: input.bcc ?? (from?.bcc ?? []).join(', '),
    onlyNew: input.onlyNew ?? true,
    days: input.days ?? days,
    language: input.language ?? from?.language,
    conditions: input.conditions ?? (from?.event === event ? from.conditions : {}),
  }
}

/** The words in other languages that can be used here. */
async function copyTexts(
  tx: Tx,
  from: Notification,
  made: Notification,
  at: Temporal.Instant,
): Promise<void> {
  const known = variablesOf(made)
  for (const text of await listNotificationTexts(tx, from.code))
    if (text.language !== made.language && checkTemplate(text, known).length === 0)
      await saveNotificationText(tx, made.code, text, at)
}

/** What was not typed but copied is at fault as what it was copied from. */
function toldOfCopy(error: Refusal, input: NewNotification): Refusal {
  const faults = error.errors.map((fault): FieldFault => {
    const field = fault.pointer.slice(1)
    const isCopied = ['subject', 'body', 'to', 'cc', 'bcc', 'days'].includes(field)
    return isCopied && !Object.hasOwn(input, field)
      ? { ...fault, pointer: '/from', message: `Its ${field} cannot be used here. ${fault.message}` }
      : fault
  })
  return faults.length > 0 ? invalid(...faults) : error
}
