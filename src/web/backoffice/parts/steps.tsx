import type { ComponentProps } from 'react'
import { Link } from 'react-router'
import { Timeline } from '#web/ui/progress.tsx'
import type { Tone } from '#web/ui/tone.ts'

export type StepShown = {
  readonly key: string
  readonly at: string
  readonly what: string
  readonly about: string
  readonly tone: Tone
  readonly isOpen: boolean
  readonly actor: string
  /** Where it is opened, of a mail. */
  readonly mail?: string | undefined
  /** The licence or subscription it is about. */
  readonly record?: { readonly to: string; readonly number: string } | undefined
}

/** Every step and attempt of an order, a licence or a subscription, newest last. */
export function Steps({ steps }: { steps: readonly StepShown[] }) {
  if (steps.length === 0) return <p className="text-muted">Nothing has happened yet.</p>
  return <Timeline steps={steps.map(timelineStep)} />
}

/** What happened, with its record as a link: in the sentence where it names it, behind it otherwise. */
function Words({ step: { what, record, mail } }: { step: StepShown }) {
  if (mail)
    return (
      <>
        <Link to={mail}>{what}</Link>
        {record && (
          <>
            {' '}
            · <Link to={record.to}>{record.number}</Link>
          </>
        )}
      </>
    )
  if (!record) return what
  const link = <Link to={record.to}>{record.number}</Link>
  const [before = '', ...after] = what.split(record.number)
  if (after.length === 0)
    return (
      <>
        {what} · {link}
      </>
    )
  return (
    <>
      {before}
      {link}
      {after.join(record.number)}
    </>
  )
}

function timelineStep(step: StepShown): ComponentProps<typeof Timeline>['steps'][number] {
  return {
    key: step.key,
    at: step.at,
    tone: step.tone,
    isOpen: step.isOpen,
    text: (
      <>
        <Words step={step} />
      </>
    ),
    about: [step.about, step.actor && `by ${step.actor}`].filter(Boolean).join(' · '),
  }
}
