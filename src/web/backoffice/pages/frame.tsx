// Every page behind the sign-in: only for staff, with the message of the form sent before. The navigation is the root's.
import { data, type LoaderFunctionArgs, Outlet, useLoaderData } from 'react-router'
import { deskOf, endedFlash, flashOf } from '#web/backoffice/pages/shared/desk.ts'
import { Notice } from './shared/kit.tsx'

export async function loader(args: LoaderFunctionArgs) {
  deskOf(args)
  const flash = flashOf(args.request)
  return data({ flash }, flash ? { headers: { 'set-cookie': endedFlash } } : {})
}

export default function Frame() {
  const { flash } = useLoaderData<typeof loader>()
  return (
    <div className="grid gap-4">
      {flash && <Notice tone="good">{flash}</Notice>}
      <Outlet />
    </div>
  )
}
