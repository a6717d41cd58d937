// How a call proves that it is ours: Standard Webhooks (standardwebhooks.com), which receivers in every language can check.
import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

/** A new secret as the receiver is given it: 32 random bytes. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(32).toString('base64')
}

export type SignedMessage = {
  /** Of the event: the same for every try, so that a receiver can drop what it has had. */
  readonly id: string
  readonly at: Temporal.Instant
  readonly body: string
}

/** The three headers of a call. Several secrets make several signatures; a receiver takes the call where one of them is right. */
export function signedHeaders(
  { id, at, body }: SignedMessage,
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.epochMilliseconds / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': secrets
      .map((secret) => `v1,${signature(`${id}.${timestamp}.${body}`, secret)}`)
      .join(' '),
  }
}

function signature(content: string, secret: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  return createHmac('sha256', key).update(content).digest('base64')
}
