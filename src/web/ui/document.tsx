// The document around every page of both apps: head, look, scripts, and the thin line that shows that a page is coming.
import type { ReactNode } from 'react'
import {
  Links,
  Meta,
  Scripts,
  ScrollRestoration,
  useMatches,
  useNavigation,
  useRouteLoaderData,
} from 'react-router'
import { useNonce } from './nonce.tsx'

export type Frame = {
  readonly company: { readonly name: string; readonly logoUrl?: string | undefined }
  readonly user?:
    | {
        readonly name: string
        readonly email: string
        readonly accountName: string
        readonly kind: 'reseller' | 'customer' | 'seller'
        readonly rights: readonly string[]
      }
    | undefined
  readonly basketCount: number
  readonly theme: 'light' | 'dark' | 'system'
  readonly brand: Readonly<Record<string, string>>
  readonly flash?:
    | { readonly tone: 'success' | 'info' | 'warning' | 'error'; readonly message: string }
    | undefined
}

/** What the root loaded; missing where the root itself failed. */
export function useFrame(): Frame | undefined {
  return useRouteLoaderData('root') as Frame | undefined
}

export function HtmlDocument({ className = '', children }: { className?: string; children: ReactNode }) {
  const nonce = useNonce()
  const frame = useFrame()
  const needsScripts = !useMatches().some(
    ({ handle }) => (handle as { scripts?: boolean } | undefined)?.scripts === false,
  )
  return (
    <html lang="en" data-theme={frame?.theme ?? 'system'} style={frame?.brand ?? ownBrand}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <Meta />
        <Links />
      </head>
      <body className={`antialiased ${className}`}>
        <Coming />
        {children}
        {needsScripts && <ScrollRestoration nonce={nonce} />}
        {needsScripts && <Scripts nonce={nonce} />}
      </body>
    </html>
  )
}

// What brand.ts makes of Emporion's own colour, for the page on which even the root failed.
const ownBrand = {
  '--brand': '#3b4fd8',
  '--brand-strong': '#3445b9',
  '--brand-ink': '#ffffff',
  '--brand-text-light': '#3b4fd8',
  '--brand-text-dark': '#98a3ea',
  '--brand-soft-light': '#eff1fc',
  '--brand-soft-dark': '#1e2341',
} as React.CSSProperties

function Coming() {
  const { state } = useNavigation()
  return (
    <div className="pointer-events-none fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden" aria-hidden="true">
      {state !== 'idle' && (
        <div className="h-full w-1/3 animate-[slide_1.1s_ease-in-out_0.15s_infinite] bg-brand-text" />
      )}
    </div>
  )
}
