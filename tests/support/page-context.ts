// What a page is told of its request where a test asks it without a server. An error it logs fails the test.
import assert from 'node:assert/strict'
import { RouterContextProvider } from 'react-router'
import type { App } from '#flows/app.ts'
import type { Portal, Staff } from '#modules/users'
import { appContext, pageContext, type Shell, sessionContext, shellContext } from '#web/context.ts'

export function signedInContext(
  app: App,
  actor: Staff | Portal,
  { accountName, kind }: Pick<NonNullable<Shell['user']>, 'accountName' | 'kind'>,
): RouterContextProvider {
  const context = new RouterContextProvider()
  context.set(appContext, app)
  context.set(sessionContext, { actor, sessionId: 'test' })
  context.set(pageContext, {
    nonce: 'x',
    reference: 'x',
    log: { error: (facts) => assert.fail(JSON.stringify(facts)) },
    afterwards: () => {},
  })
  const user = { name: actor.name, email: '', accountName, kind, rights: [...actor.rights] }
  context.set(shellContext, () => ({ company: { name: 'Seller' }, basketCount: 0, user }))
  return context
}
