// What the root of both apps loads for the frame around a page, and the small form that chooses the look.
import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from 'react-router'
import { brandTheme } from '#web/brand.ts'
import { shellOf } from '#web/context.ts'
import { clearFlash, flashOf, themeCookie, themeOf } from '#web/cookies.ts'

export async function loadFrame({ request, context }: LoaderFunctionArgs) {
  const shell = await shellOf(context)
  const message = flashOf(request)
  return data(
    { ...shell, theme: themeOf(request), brand: brandTheme(shell.company.brand), flash: message },
    message ? { headers: { 'set-cookie': clearFlash } } : {},
  )
}

/** POST /theme: remembers light, dark or system and returns to where the visitor was. */
export async function chooseTheme({ request }: ActionFunctionArgs) {
  const form = await request.formData()
  const wanted = form.get('theme')
  const back = String(form.get('back') ?? '/')
  // Only paths of ours: `//host` and `/\host` would leave.
  const to = /^\/(?![/\\])/.test(back) ? back : '/'
  const theme = wanted === 'light' || wanted === 'dark' ? wanted : 'system'
  return redirect(to, { status: 303, headers: { 'set-cookie': themeCookie(theme) } })
}
