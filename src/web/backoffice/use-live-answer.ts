import { type ChangeEvent, useEffect, useRef, useState } from 'react'
import { useFetcher, useLocation } from 'react-router'

/**
 * An answer that keeps itself up to date while a form is typed: a moment after something was typed the form is sent with the intent that
 * only asks, and the last answer is shown meanwhile. `answer` is what the form itself was answered last. Without scripts the button of
 * that intent does it.
 */
export function useLiveAnswer<Answer>(
  intent: string,
  answer: Answer | undefined,
  isAbout: (fieldName: string) => boolean = () => true,
) {
  const form = useRef<HTMLFormElement>(null)
  const { submit, data, state } = useFetcher<Answer>()
  const { pathname, search } = useLocation()
  const [latest, setLatest] = useState<Answer | undefined>(answer)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    if (answer) setLatest(() => answer)
  }, [answer])
  useEffect(() => {
    if (data) setLatest(() => data as Answer)
  }, [data])
  useEffect(() => () => clearTimeout(timer.current), [])
  const ask = () => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      if (!form.current) return
      const typed = new FormData(form.current)
      typed.set('intent', intent)
      void submit(typed, { method: 'post', action: `${pathname}${search}` })
    }, 350)
  }
  const onChange = (event: ChangeEvent<HTMLFormElement>) => {
    if (isAbout((event.target as unknown as HTMLInputElement).name)) ask()
  }
  /** `ask` is for controls that are no fields of their own, like the searchable drop-down. */
  return { form, latest, onChange, ask, isAsking: state !== 'idle' }
}
