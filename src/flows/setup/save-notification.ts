// Saves what an operator wrote for a notification. A template that cannot be rendered is refused with its line, and so is
// an edit of a version somebody else has replaced meanwhile.
import { type FieldFault, invalid, Refusal } from '#kernel/failure.ts'
import { isEmailAddress } from '#modules/accounts'
import { differences, recordAudit } from '#modules/audit'
import {
  checkTemplate,
  loadNotification,
  type Notification,
  saveNotification as save,
  variablesOf,
} from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'

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
}

const MOST_ADDRESSES = 20

export async function saveNotification(
  app: Pick<App, 'db' | 'now'>,
  actor: Actor,
  input: NotificationInput,
): Promise<Notification> {
  assertMay(actor, 'manage-setup')
  const lists = { to: addressesIn(input.to), cc: addressesIn(input.cc), bcc: addressesIn(input.bcc) }
  const problems = checkTemplate(input, variablesOf(input.code))
  const faults: FieldFault[] = [
    ...problems.map(({ field, line, message }) => ({
      pointer: `/${field}`,
      code: 'notification/bad-template',
      message: `Line ${line}: ${message}`,
    })),
    ...Object.entries(lists).flatMap(([field, addresses]) => addressFaults(field, addresses)),
  ]
  if (faults.length > 0) throw invalid(...faults)
  const at = app.now()
  return transaction(app.db, sellerScope, async (tx) => {
    const before = await loadNotification(tx, input.code)
    if (before.version !== input.version)
      throw new Refusal(
        'state/changed-meanwhile',
        'Somebody else has saved this notification since you opened it. Your text is kept below; compare it with theirs before you save again.',
        { version: before.version },
      )
    const after: Notification = {
      ...before,
      isActive: input.isActive,
      subject: input.subject.trim(),
      body: input.body.replace(/\r\n?/g, '\n'),
      toExtra: lists.to,
      cc: lists.cc,
      bcc: lists.bcc,
    }
    await save(tx, after, at)
    await recordAudit(tx, {
      at,
      actor,
      action: 'notification/changed',
      subjectType: 'notification',
      subjectId: after.code,
      ...differences(before, after),
    })
    return { ...after, version: before.version + 1, updatedAt: at }
  })
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
