import { type LoaderFunctionArgs, Outlet } from 'react-router'
import { loadFrame } from '#web/frame.ts'
import { ErrorScreen } from '#web/ui/error-screen.tsx'
import { StorefrontShell } from '#web/ui/storefront-shell.tsx'
import '#web/ui/app.css'

export const loader = (args: LoaderFunctionArgs) => loadFrame(args)

/** For pages that give no title of their own. */
export const meta = () => [{ title: 'Emporion' }]

export { HtmlDocument as Layout } from '#web/ui/document.tsx'

export default function Root() {
  return (
    <StorefrontShell>
      <Outlet />
    </StorefrontShell>
  )
}

export function ErrorBoundary() {
  return (
    <StorefrontShell>
      <ErrorScreen />
    </StorefrontShell>
  )
}
