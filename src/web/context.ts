// What a request carries to the loaders and actions of its pages. The server fills it (main, through
// `mountPages`), the pages read it. This file is never bundled: server and pages share one instance of it.
import './react-mode.ts'

import { createContext, type RouterContextProvider, redirect } from 'react-router'
import type { App } from '#flows/app.ts'
import type { Actor, BearerAccount } from '#modules/users'

/** Who is signed in, and by which session. */
export type SignedIn = { readonly actor: Actor; readonly sessionId: string }

/** The company of a signed-in buyer: by its currency prices are chosen, in its language things are written. */
export type Buyer = BearerAccount & { readonly basketCount: number }

/** What the frame around every page shows. `brand` is a colour such as `#2458d3`. */
export type Shell = {
  readonly company: { readonly name: string; readonly brand?: string; readonly logoUrl?: string }
  readonly user?: {
    readonly name: string
    readonly email: string
    readonly accountName: string
    readonly kind: 'reseller' | 'customer' | 'seller'
    /** What their roles allow: places nobody may enter are not offered. */
    readonly rights: readonly string[]
  }
  readonly basketCount: number
}

/** Facts of the one request: `reference` names it in the log and on an error page. */
export type PageRequest = {
  readonly nonce: string
  readonly reference: string
  readonly log: { error(details: object, message: string): void }
  /** Runs what nobody waits for once the answer is sent; a failure of it is logged. */
  readonly afterwards: (work: () => Promise<void>) => void
}

// React Router answers `undefined` defaults with an error of its own; null lets ours speak.
export const appContext = createContext<App | null>(null)
export const sessionContext = createContext<SignedIn | null>(null)
export const buyerContext = createContext<Buyer | null>(null)
export const shellContext = createContext<(() => Shell | Promise<Shell>) | null>(null)
export const pageContext = createContext<PageRequest | null>(null)

type Context = Readonly<Pick<RouterContextProvider, 'get'>>

export function appOf(context: Context): App {
  const app = context.get(appContext)
  if (!app) throw new Error('appContext is empty: contextFor of mountPages must set it')
  return app
}

/** Who asks; sends visitors who are not signed in to the sign-in page and back again. */
export function signedIn({
  context,
  url,
  request,
}: {
  context: Context
  url: URL
  request: Request
}): SignedIn {
  const session = context.get(sessionContext)
  if (session) return session
  const next = request.method === 'GET' ? url.pathname + url.search : url.pathname
  throw redirect(`/login?next=${encodeURIComponent(next)}`)
}

/** The signed-in actor, the second argument of every view and flow. */
export function actorOf(args: { context: Context; url: URL; request: Request }): Actor {
  return signedIn(args).actor
}

export function buyerOfRequest(context: Context): Buyer {
  const buyer = context.get(buyerContext)
  if (!buyer) throw new Error('buyerContext is empty: contextFor of mountPages sets it for every buyer')
  return buyer
}

export async function shellOf(context: Context): Promise<Shell> {
  const shell = context.get(shellContext)
  return shell ? shell() : { company: { name: 'Emporion' }, basketCount: 0 }
}

export function pageOf(context: Context): PageRequest {
  const page = context.get(pageContext)
  if (!page) throw new Error('pageContext is empty: pages are only served by mountPages')
  return page
}
