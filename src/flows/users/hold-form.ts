// A form that arrives after its session has ended is kept for an hour, encrypted, until its sender has signed in again:
// nothing typed is lost. The token goes to the browser in a cookie.
import { HELD_FORM_LIFE, insertHeldForm, takeHeldForm as take } from '#modules/users'
import { sellerScope, transaction } from '#platform/db.ts'
import { newToken } from '#platform/secrets.ts'
import type { App } from '../app.ts'

/** More than any form of ours; nobody signed in stands behind it yet. */
const MOST_CHARACTERS = 200_000

/** Answers the token to take it back with; nothing where the form is too large to be kept. */
export async function holdForm(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  input: { readonly path: string; readonly body: string },
): Promise<string | undefined> {
  if (input.body.length > MOST_CHARACTERS) return undefined
  const token = newToken()
  const expiresAt = app.now().add(HELD_FORM_LIFE)
  await transaction(app.db, sellerScope, (tx) =>
    insertHeldForm(tx, app.secrets, token, { ...input, expiresAt }),
  )
  return token
}

/** The form's body, once, for the path it was sent to. */
export async function takeHeldForm(
  app: Pick<App, 'db' | 'now' | 'secrets'>,
  input: { readonly token: string; readonly path: string },
): Promise<string | undefined> {
  return transaction(app.db, sellerScope, (tx) => take(tx, app.secrets, input.token, input.path, app.now()))
}
