import { type ReactNode, useId, useRef } from 'react'
import { Button, type ButtonTone } from './button.tsx'
import { useHydrated } from './use-hydrated.ts'

/** A native dialog that a button opens. Without scripts its content stands open below the button instead. */
export function Dialog({
  button,
  tone = 'plain',
  size,
  label,
  title,
  checksForm = false,
  children,
}: {
  button: ReactNode
  tone?: ButtonTone
  size?: 'small' | undefined
  /** What the button is called where its words do not say it: one of many rows. */
  label?: string | undefined
  title: string
  checksForm?: boolean
  children: (close: () => void) => ReactNode
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const isHydrated = useHydrated()
  const close = () => dialog.current?.close()
  if (!isHydrated)
    return (
      <details>
        <summary className="button" data-look={tone} data-size={size} aria-label={label}>
          {button}
        </summary>
        <div className="mt-3 grid gap-4">{children(close)}</div>
      </details>
    )
  return (
    <>
      <Button
        type="button"
        tone={tone}
        {...(size && { size })}
        aria-label={label}
        aria-haspopup="dialog"
        onClick={(event) => {
          // A form at fault says so now: behind the dialog its fields could not be reached.
          const form = event.currentTarget.form
          if (checksForm && form && !form.noValidate && !form.reportValidity()) return
          dialog.current?.showModal()
        }}
      >
        {button}
      </Button>
      <dialog
        ref={dialog}
        aria-labelledby={heading}
        closedby="any"
        className="w-full max-w-lg rounded-2xl border border-line bg-raised p-6 shadow-pop open:animate-[appear_0.15s] max-sm:max-w-[calc(100vw-2rem)]"
      >
        <div className="grid gap-4">
          <h2 id={heading} className="text-lg font-semibold">
            {title}
          </h2>
          {children(close)}
        </div>
      </dialog>
    </>
  )
}

/**
 * Inside a form: a button that asks before it sends the form with `name`/`value`. The pop-up's own button (OK) sends.
 * Without scripts the question opens below the button and is answered there.
 */
export function ConfirmButton({
  button,
  tone = 'primary',
  size,
  label,
  title,
  question,
  ok = 'OK',
  name = 'intent',
  value,
}: {
  button: ReactNode
  tone?: ButtonTone
  size?: 'small' | undefined
  label?: string | undefined
  title: string
  question: ReactNode
  ok?: string
  name?: string
  value: string
}) {
  return (
    <Dialog button={button} tone={tone} size={size} label={label} title={title} checksForm>
      {(close) => (
        <>
          <div className="text-muted">{question}</div>
          <div className="flex flex-wrap justify-end gap-2">
            <Button type="button" tone="quiet" onClick={close}>
              Not now
            </Button>
            <Button
              tone={tone === 'danger' ? 'danger' : 'primary'}
              name={name}
              value={value}
              onClick={() => setTimeout(close)}
            >
              {ok}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  )
}

/** A menu of links and small forms behind a button; opens without scripts. */
export function Menu({ label, button, children }: { label: string; button: ReactNode; children: ReactNode }) {
  const menu = useRef<HTMLDetailsElement>(null)
  const closeMenu = () => {
    if (menu.current) menu.current.open = false
  }
  return (
    <details
      ref={menu}
      className="relative"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !menu.current?.open) return
        closeMenu()
        menu.current.querySelector('summary')?.focus()
      }}
      onBlur={(event) => {
        // relatedTarget is null when a click lands on plain ground; the menu closes then as well.
        if (!event.currentTarget.contains(event.relatedTarget)) setTimeout(closeMenu, 150)
      }}
    >
      <summary
        aria-label={label}
        className="inline-flex min-h-9 items-center gap-2 rounded-lg px-2 hover:bg-sunken [td_&]:-my-1 [td_&]:min-h-8"
      >
        {button}
      </summary>
      <div className="absolute right-0 z-30 mt-1 grid min-w-56 gap-0.5 rounded-xl border border-line bg-raised p-1.5 shadow-pop">
        {children}
      </div>
    </details>
  )
}

export const menuItem =
  'flex min-h-9 w-full items-center gap-2.5 rounded-lg px-3 text-left text-[0.9375rem] hover:bg-sunken'
