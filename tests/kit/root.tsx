import { type LoaderFunctionArgs, Outlet, useLocation } from 'react-router'
import { loadFrame } from '#web/frame.ts'
import { BackofficeShell } from '#web/ui/backoffice-shell.tsx'
import { ErrorScreen } from '#web/ui/error-screen.tsx'
import { StorefrontShell } from '#web/ui/storefront-shell.tsx'
import '#web/ui/app.css'

export const loader = (args: LoaderFunctionArgs) => loadFrame(args)

/** For pages that give no title of their own. */
export const meta = () => [{ title: 'Emporion' }]

export { HtmlDocument as Layout } from '#web/ui/document.tsx'

function Shell({ children }: { children: React.ReactNode }) {
  const Frame = useLocation().pathname.startsWith('/desk') ? BackofficeShell : StorefrontShell
  return <Frame>{children}</Frame>
}

export default function Root() {
  return (
    <Shell>
      <Outlet />
    </Shell>
  )
}

export function ErrorBoundary() {
  return (
    <Shell>
      <ErrorScreen />
    </Shell>
  )
}
