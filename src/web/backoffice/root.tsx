import { type LoaderFunctionArgs, Outlet } from 'react-router'
import { loadFrame } from '#web/frame.ts'
import { BackofficeShell } from '#web/ui/backoffice-shell.tsx'
import { ErrorScreen } from '#web/ui/error-screen.tsx'
import '#web/ui/app.css'

export const loader = (args: LoaderFunctionArgs) => loadFrame(args)

/** For pages that give no title of their own. */
export const meta = () => [{ title: 'Emporion' }]

export { HtmlDocument as Layout } from '#web/ui/document.tsx'

export default function Root() {
  return (
    <BackofficeShell>
      <Outlet />
    </BackofficeShell>
  )
}

export function ErrorBoundary() {
  return (
    <BackofficeShell>
      <ErrorScreen />
    </BackofficeShell>
  )
}
