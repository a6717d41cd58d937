// The pages of the Storefront as they are built, asked without a server and without a browser, by somebody who has signed in.
import '#web/react-mode.ts'

import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { createRequestHandler, type RouterContextProvider, type ServerBuild } from 'react-router'
import type { App } from '#flows/app.ts'
import type { Country } from '#kernel/countries.ts'
import type { Account } from '#modules/accounts'
import type { Portal } from '#modules/users'
import { buyerContext } from '#web/context.ts'
import { guarded } from '#web/failures.ts'
import type { Shop } from './fixtures.ts'
import type { Ids } from './one-of-everything.ts'
import { signedInContext } from './page-context.ts'

export type ShopPages = {
  /** Of every page and file there is, such as `/orders/:orderId`. */
  readonly paths: readonly string[]
  /** Of those that take a form. */
  readonly forms: readonly string[]
  /** With `form` it is sent there. */
  read(
    who: { readonly actor: Portal; readonly account: Account },
    where: string,
    form?: URLSearchParams,
  ): Promise<PageRead>
}

export type PageRead = {
  readonly status: number
  readonly type: string
  readonly html: string
  readonly words: string
}

export async function openShopPages(app: App): Promise<ShopPages> {
  const file = path.resolve(import.meta.dirname, '../../build/storefront/server/index.js')
  const build = guarded((await import(pathToFileURL(file).href)) as ServerBuild)
  const handle = createRequestHandler(build, 'production')
  const routes = Object.values(build.routes).flatMap((route) =>
    !route || route.id === 'root' || (route.path === undefined && !route.index)
      ? []
      : [{ path: `/${route.path ?? ''}`, takesForm: route.module.action !== undefined }],
  )
  return {
    paths: routes.map(({ path }) => path),
    forms: routes.flatMap(({ path, takesForm }) => (takesForm ? [path] : [])),
    async read(who, where, form) {
      const sent = form && { method: 'POST', body: form }
      const answer = await handle(new Request(`http://shop.example${where}`, sent), contextOf(app, who))
      const html = await answer.text()
      const type = answer.headers.get('content-type') ?? ''
      return { status: answer.status, type, html, words: wordsOf(html) }
    },
  }
}

/** A page's path with the ids of one of everything there is. */
export function placedAtShop(
  page: string,
  { shop, ids }: { readonly shop: Shop; readonly ids: Ids },
): string {
  const places: Record<string, string | undefined> = {
    orderId: ids['orders']?.['id'],
    licenceId: ids['assets']?.['id'],
    subscriptionId: ids['subscriptions']?.['id'],
    invoiceId: ids['invoices']?.['id'],
    customerId: shop.north.customer.id,
    contactId: ids['accounts']?.['contactId'],
    productId: shop.productId,
    planId: shop.planId,
    itemId: ids['baskets']?.['itemId'],
  }
  return page.replace(/:(\w+)/g, (_all, name: string) => places[name] ?? shop.productId)
}

/** What a reader sees of it. */
function wordsOf(html: string): string {
  return html
    .replace(/<script.*?<\/script>/gs, '')
    .replace(/<!--.*?-->/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, "'")
    .replace(/\s+/g, ' ')
}

function contextOf(
  app: App,
  { actor, account }: { readonly actor: Portal; readonly account: Account },
): RouterContextProvider {
  const context = signedInContext(app, actor, { accountName: account.name, kind: actor.accountKind })
  context.set(buyerContext, { ...account, country: account.country as Country, basketCount: 0 })
  return context
}
