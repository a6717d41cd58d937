// What both frames share: the way past the navigation, the menu of the signed-in person, the message of the last form.
import { CircleUser, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { useState } from 'react'
import { Form, Link, useLocation } from 'react-router'
import { Menu, menuItem } from './dialog.tsx'
import { type Frame, useFrame } from './document.tsx'
import { Notice } from './notice.tsx'
import type { Tone } from './tone.ts'

export function SkipLink() {
  return (
    <a
      href="#main"
      className="button fixed top-2 left-2 z-50 -translate-y-20 focus:translate-y-0"
      data-look="primary"
    >
      Skip to content
    </a>
  )
}

const tones = {
  success: 'success',
  info: 'info',
  warning: 'warning',
  error: 'danger',
} as const satisfies Record<string, Tone>

/** What the last form brought about, once. */
export function FlashMessage() {
  const told = useFrame()?.flash
  const { key } = useLocation()
  // A page that keeps itself fresh asks for the frame again, without the message: it stays until the reader goes on.
  const [kept, keep] = useState({ key, told })
  if (told && told !== kept.told) keep({ key, told })
  const flash = told ?? (kept.key === key ? kept.told : undefined)
  if (!flash) return null
  return (
    <div className="mb-5 animate-[appear_0.25s]">
      <Notice tone={tones[flash.tone]} isAlert>
        {flash.message}
      </Notice>
    </div>
  )
}

/** Who is signed in, their own pages, the look, and the way out. */
export function UserMenu({
  user,
  links = [],
}: {
  user: NonNullable<Frame['user']>
  links?: readonly { to: string; label: string }[]
}) {
  return (
    <Menu
      label={`Menu of ${user.name}`}
      button={
        <>
          <CircleUser size={22} strokeWidth={1.75} aria-hidden="true" />
          <span className="hidden max-w-40 truncate lg:inline">{user.name}</span>
        </>
      }
    >
      <div className="border-b border-line px-3 pt-1.5 pb-2.5">
        <p className="font-medium">{user.name}</p>
        <p className="text-sm text-muted">{user.accountName}</p>
        <p className="text-sm break-all text-muted">{user.email}</p>
      </div>
      {links.map((link) => (
        <Link key={link.to} to={link.to} className={menuItem}>
          <UserRound size={17} aria-hidden="true" />
          {link.label}
        </Link>
      ))}
      <ThemeChoice />
      <Form method="post" action="/logout" reloadDocument>
        <button type="submit" className={menuItem}>
          <LogOut size={17} aria-hidden="true" />
          Sign out
        </button>
      </Form>
    </Menu>
  )
}

const looks = [
  { value: 'light', label: 'Light', Icon: Sun },
  { value: 'dark', label: 'Dark', Icon: Moon },
  { value: 'system', label: 'As the device', Icon: Monitor },
] as const

/** Light, dark, or as the device says; remembered in a cookie, so that no page flashes. */
export function ThemeChoice() {
  const theme = useFrame()?.theme
  const { pathname, search } = useLocation()
  return (
    <Form method="post" action="/theme" className="flex gap-1 px-1.5 py-1" preventScrollReset>
      <input type="hidden" name="back" value={pathname + search} />
      {looks.map(({ value, label, Icon }) => (
        <button
          key={value}
          type="submit"
          name="theme"
          value={value}
          aria-pressed={theme === value}
          aria-label={`Look: ${label}`}
          title={label}
          className="grid min-h-9 min-w-9 flex-1 place-items-center rounded-lg text-muted hover:bg-sunken aria-pressed:bg-brand-soft aria-pressed:text-brand-text"
        >
          <Icon size={17} aria-hidden="true" />
        </button>
      ))}
    </Form>
  )
}
