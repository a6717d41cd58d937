// What a notification would look like, with the values of a real licence or with samples; and a test mail of it. A key is
// never shown here: real licences appear with their masked one.
import { invalid } from '#kernel/failure.ts'
import {
  type AccountId,
  type AssetId,
  type InvoiceId,
  newId,
  type OrderId,
  type SubscriptionId,
} from '#kernel/ids.ts'
import { languageFaults } from '#kernel/language.ts'
import { isEmailAddress } from '#modules/accounts'
import { recordAudit } from '#modules/audit'
import { loadLegalEntity } from '#modules/invoicing'
import {
  loadNotification,
  type RenderedMail,
  renderNotification,
  sampleValues,
  variablesOf,
} from '#modules/notifications'
import { type Actor, assertMay } from '#modules/users'
import { sellerScope, type Tx, transaction } from '#platform/db.ts'
import type { App } from '../app.ts'
import { mailLook, mailValues, senderOf } from '../notifying/mail-values.ts'

export type Draft = {
  readonly code: string
  readonly subject: string
  readonly body: string
  /** Of these words; that of the notification's own, if left out. */
  readonly language?: string | undefined
  /** Whose values; samples where nothing is named. */
  readonly assetId?: AssetId | undefined
  readonly subscriptionId?: SubscriptionId | undefined
  readonly orderId?: OrderId | undefined
  readonly invoiceId?: InvoiceId | undefined
  readonly accountId?: AccountId | undefined
}

/** Refuses with `notification/bad-template` what cannot be rendered. */
export function previewNotification(
  app: Pick<App, 'db' | 'now' | 'secrets' | 'settings'>,
  actor: Actor,
  draft: Draft,
): Promise<RenderedMail> {
  assertMay(actor, 'manage-setup')
  return transaction(app.db, sellerScope, (tx) => render(tx, app, draft))
}

/** Sends the draft to one address, at once and outside any transaction; answers what the mail server said. */
export async function sendTestMail(
  app: Pick<App, 'db' | 'now' | 'secrets' | 'mailer' | 'settings'>,
  actor: Actor,
  input: Draft & { readonly to: string },
): Promise<{ readonly accepted: boolean; readonly answer: string }> {
  assertMay(actor, 'manage-setup')
  const to = input.to.trim()
  if (!isEmailAddress(to))
    throw invalid({
      pointer: '/testTo',
      code: 'not-an-email',
      message: 'This is not an e-mail address like name@company.example.',
    })
  const { rendered, from } = await transaction(app.db, sellerScope, async (tx) => {
    await recordAudit(tx, {
      at: app.now(),
      actor,
      action: 'notification/test-mail',
      subjectType: 'notification',
      subjectId: input.code,
      after: { to },
    })
    return { rendered: await render(tx, app, input), from: senderOf(await loadLegalEntity(tx)) }
  })
  const delivery = await app.mailer.send({
    messageId: `<test-${newId()}@${new URL(app.settings.publicUrl).hostname}>`,
    from,
    to: [to],
    subject: `[Test] ${rendered.subject}`,
    html: rendered.html,
    text: rendered.text,
  })
  return { accepted: delivery.outcome === 'accepted', answer: delivery.response }
}

async function render(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets' | 'settings'>,
  draft: Draft,
): Promise<RenderedMail> {
  const notification = await loadNotification(tx, draft.code)
  const isKnown = draft.language && languageFaults(draft.language).length === 0
  const language = isKnown ? draft.language : notification.language
  const samples = sampleValues(variablesOf(notification))
  const { assetId, subscriptionId, orderId, invoiceId, accountId } = draft
  if (!(assetId ?? subscriptionId ?? orderId ?? invoiceId ?? accountId))
    return renderNotification(draft, samples, mailLook(await loadLegalEntity(tx), language))
  const record = {
    assetId: assetId ?? null,
    subscriptionId: subscriptionId ?? null,
    orderId: orderId ?? null,
    invoiceId: invoiceId ?? null,
    accountId: accountId ?? null,
    variables: {},
  }
  const real = await mailValues(tx, app, record, () => language)
  // What only the moment of sending knows (a reason, a comment) keeps its sample.
  return renderNotification(draft, { ...samples, ...real.masked }, real.look)
}
