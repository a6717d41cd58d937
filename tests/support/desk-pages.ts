// The pages of the back office as they are built, asked without a server and without a browser, by somebody who has signed in.
import '#web/react-mode.ts'

import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { createRequestHandler, type ServerBuild } from 'react-router'
import type { App } from '#flows/app.ts'
import type { Staff } from '#modules/users'
import { guarded } from '#web/failures.ts'
import type { Shop } from './fixtures.ts'
import { filled, type Ids } from './one-of-everything.ts'
import { signedInContext } from './page-context.ts'

export type DeskPages = {
  /** Of every page and file behind the sign-in, such as `/orders/:id`. */
  readonly paths: readonly string[]
  /** With a form it is posted. */
  ask(actor: Staff, where: string, form?: Readonly<Record<string, string>>): Promise<Response>
}

export async function openDeskPages(app: App): Promise<DeskPages> {
  const file = path.resolve(import.meta.dirname, '../../build/backoffice/server/index.js')
  const build = guarded((await import(pathToFileURL(file).href)) as ServerBuild)
  const handle = createRequestHandler(build, 'production')
  return {
    paths: pagesOf(build),
    ask: (actor, where, form) => {
      const init = form && { method: 'POST', body: new URLSearchParams(form) }
      return handle(
        new Request(`http://shop.example/bss${where}`, init),
        signedInContext(app, actor, { accountName: '', kind: 'seller' }),
      )
    },
  }
}

/** Besides the records of the API: what pages are of. */
export function withOthers(shop: Shop, ids: Ids): Ids {
  return {
    ...ids,
    staff: { id: shop.support.actor.userId },
    exports: { id: shop.north.account.id },
    applications: { connector: 'microsoft-esd' },
  }
}

function pagesOf(build: ServerBuild): string[] {
  const open = ['/login', '/logout', '/theme', '/*']
  return Object.values(build.routes).flatMap((route) => {
    if (!route || route.id === 'root' || (route.path === undefined && !route.index)) return []
    const where = `/${route.path ?? ''}`
    return open.includes(where) ? [] : [where]
  })
}

/** With the ids of one of everything there is. */
export function placed(page: string, ids: Ids): string {
  const noun = Object.entries(nouns).find(([prefix]) => page.startsWith(prefix))?.[1]
  const path = page.replace(/:(\w+)/g, (_all, name: string) => `{${name === 'runId' ? 'id' : name}}`)
  return noun ? filled(`/${noun}${path}`, ids).replace(`/${noun}`, '') : path
}

/** By which record a page of Setup is filled, the longest first; other pages by the first word of their path. */
const nouns: Readonly<Record<string, string>> = {
  '/setup/applications/runs': 'catalogue-runs',
  '/setup/applications/:connector': 'applications',
  '/setup/applications': 'connector-instances',
  '/setup/price-sheets': 'price-sheets',
  '/setup/price-lists': 'price-lists',
  '/setup/webhooks': 'webhooks',
  '/setup/volume-discounts': 'volume-discounts',
  '/setup/promotions': 'promotions',
  '/setup/conversion': 'conversion-rules',
  '/setup/notifications': 'notifications',
  '/setup/roles': 'roles',
  '/accounts/import': 'account-imports',
  '/accounts': 'accounts',
  '/assets': 'assets',
  '/exports': 'exports',
  '/bulk-actions': 'bulk-actions',
  '/billing-runs': 'billing-runs',
  '/invoices': 'invoices',
  '/mails': 'mails',
  '/notes': 'notes',
  '/history': 'notes',
  '/orders': 'orders',
  '/products': 'products',
  '/product-groups': 'product-groups',
  '/subscriptions': 'subscriptions',
  '/users': 'staff',
}
