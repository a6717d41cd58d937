import { type ComponentProps, type MouseEvent, type ReactNode, useEffect, useState } from 'react'
import { Form, Link, useNavigation } from 'react-router'

export type ButtonTone = 'primary' | 'plain' | 'quiet' | 'danger'

type Look = { tone?: ButtonTone; size?: 'small' }
type ButtonProps = ComponentProps<'button'> & Look & { pendingText?: string }

/**
 * A button that sends its form (`type="button"` where it does not). While the form is under way it shows so and takes
 * no second click; without scripts the server answers a second click with the first one's result.
 */
export function Button({
  tone = 'plain',
  size,
  pendingText,
  children,
  type = 'submit',
  onClick,
  className = '',
  ...rest
}: ButtonProps) {
  const navigation = useNavigation()
  const isBusy = type === 'submit' && navigation.state !== 'idle' && navigation.formMethod === 'POST'
  const [isPressed, setPressed] = useState(false)
  useEffect(() => {
    if (navigation.state === 'idle') setPressed(false)
  }, [navigation.state])
  const isPending = isBusy && isPressed
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    // Not `disabled`: the keyboard's focus would be lost.
    if (isBusy) return event.preventDefault()
    setPressed(true)
    onClick?.(event)
  }
  return (
    <button
      {...rest}
      type={type}
      className={`button ${className}`}
      data-look={tone}
      data-size={size}
      aria-disabled={isBusy || undefined}
      aria-busy={isPending || undefined}
      onClick={press}
    >
      {isPending && <Spinner />}
      {isPending && pendingText ? pendingText : children}
    </button>
  )
}

/** The one main button of a form. */
export function Submit(props: ButtonProps) {
  return <Button tone="primary" {...props} />
}

export function SmallButton(props: ButtonProps) {
  return <Button size="small" {...props} />
}

/** A form of one button: `intent` and `fields` say what is asked for. */
export function PostButton({
  intent,
  fields = {},
  ...rest
}: Omit<ButtonProps, 'name' | 'value' | 'type'> & {
  intent: string
  fields?: Readonly<Record<string, string>>
}) {
  return (
    <Form method="post" className="inline-flex">
      {Object.entries(fields).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <Button {...rest} name="intent" value={intent} />
    </Form>
  )
}

/** A button of one picture; `label` is what it is called. */
export function IconButton({
  label,
  children,
  ...rest
}: Omit<ButtonProps, 'aria-label'> & { label: string }) {
  return (
    <Button tone="quiet" aria-label={label} title={label} className="aspect-square !p-1.5" {...rest}>
      {children}
    </Button>
  )
}

/** A link that looks like a button; `tone` as of Button, primary unless told. */
export function LinkButton({
  tone = 'primary',
  size,
  className = '',
  ...rest
}: ComponentProps<typeof Link> & Look) {
  return <Link {...rest} className={`button ${className}`} data-look={tone} data-size={size} />
}

/** The row of buttons that ends a form. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2 max-sm:[&>.button]:flex-1">{children}</div>
}

function Spinner() {
  return (
    <span
      aria-hidden="true"
      className="size-4 animate-spin rounded-full border-2 border-current border-r-transparent"
    />
  )
}
