// Every page behind the sign-in: only for staff, with the form that was held while they signed in again.
import { type LoaderFunctionArgs, Outlet } from 'react-router'
import { deskOf } from '#web/backoffice/desk.ts'
import { heldForm } from '#web/held-form.ts'

export async function loader(args: LoaderFunctionArgs) {
  deskOf(args)
  const state = await heldForm(args)
  return { held: state && { path: args.url.pathname.replace(/^\/bss(?=\/|$)/, '') || '/', state } }
}

export default function Frame() {
  return <Outlet />
}
