// Queues one mail inside the transaction that causes it. The cause names it: the same cause never makes a second mail.
import type { AccountId, AssetId, MailId, OrderId, SubscriptionId, UserId } from '#kernel/ids.ts'
import { insertMail } from '#modules/notifications'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/jobs.ts'
import type { App } from '../app.ts'
import { MAIL_SECRET_PURPOSE, sendMail } from './send-mail.ts'

export type MailRequest = {
  readonly notificationCode: string
  /** Unique for ever, e.g. `welcome:<asset id>`. */
  readonly cause: string
  readonly to: readonly string[]
  readonly cc?: readonly string[]
  readonly bcc?: readonly string[]
  readonly accountId?: AccountId
  readonly userId?: UserId
  readonly assetId?: AssetId
  readonly subscriptionId?: SubscriptionId
  readonly orderId?: OrderId
  /** The first mail, of one that is sent once more. */
  readonly copyOf?: MailId
  /** What cannot be read from the records when it is sent; never a key. */
  readonly variables?: Readonly<Record<string, unknown>>
  /** Something only the mail may say, such as the address of a password reset; kept sealed. */
  readonly secret?: string
}

/** Answers the mail's id; undefined when this cause has been mailed before. */
export async function queueMail(
  tx: Tx,
  app: Pick<App, 'now' | 'secrets'>,
  { to, secret, ...request }: MailRequest,
): Promise<MailId | undefined> {
  const id = await insertMail(
    tx,
    {
      ...request,
      toAddresses: [...new Set(to)],
      secretCipher: secret ? app.secrets.seal(secret, MAIL_SECRET_PURPOSE) : null,
    },
    app.now(),
  )
  if (id) await enqueue(tx, sendMail, [{ mailId: id }])
  return id
}
