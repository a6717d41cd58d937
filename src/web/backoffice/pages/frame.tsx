import { data, Form, type LoaderFunctionArgs, NavLink, Outlet, useLoaderData } from 'react-router'
import { deskOf, endedFlash, flashOf } from '#web/backoffice/pages/shared/desk.ts'
import { Notice } from './shared/kit.tsx'

const places = [
  ['/', 'Dashboard'],
  ['/accounts', 'Accounts'],
  ['/orders', 'Orders'],
  ['/assets', 'Licences'],
  ['/invoices', 'Invoices'],
  ['/products', 'Products'],
  ['/users', 'Users'],
  ['/setup', 'Setup'],
  ['/jobs', 'Jobs'],
  ['/mails', 'Mail log'],
  ['/audit', 'Audit log'],
] as const

export async function loader(args: LoaderFunctionArgs) {
  const { actor } = deskOf(args)
  const flash = flashOf(args.request)
  return data({ name: actor.name, flash }, flash ? { headers: { 'set-cookie': endedFlash } } : {})
}

export default function Frame() {
  const { name, flash } = useLoaderData<typeof loader>()
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-neutral-300 px-4 py-2 dark:border-neutral-700">
        <nav aria-label="Back office" className="flex grow flex-wrap gap-1">
          {places.map(([to, words]) => (
            <NavLink
              key={to}
              to={to}
              end={to === '/'}
              className="rounded px-2 py-1.5 aria-[current]:font-semibold aria-[current]:underline"
            >
              {words}
            </NavLink>
          ))}
        </nav>
        <span className="text-sm">{name}</span>
        <Form method="post" action="/logout" reloadDocument>
          <button type="submit" className="min-h-8 underline">
            Sign out
          </button>
        </Form>
      </header>
      <main id="main" className="mx-auto grid max-w-7xl gap-4 p-4">
        {flash && <Notice tone="good">{flash}</Notice>}
        <Outlet />
      </main>
    </>
  )
}
