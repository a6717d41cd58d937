// Rules are ended, not deleted: what they priced keeps its explanation, and people see what held when.
import { invalid } from '#kernel/failure.ts'
import type { Validity } from './scope.ts'
import { complete, type Faults, readDay } from './typed-in.ts'

/** Instead of a last day. */
export const AT_ONCE = 'at-once'

/**
 * The same with its last day. Undefined where it would never have held, because it has not begun: then nothing is left of it.
 * The last day is today or later, or yesterday, which ends it at once, also where it has begun today; `AT_ONCE` says the same.
 */
export function endOn<Rule extends Validity>(
  rule: Rule,
  lastDay: string | undefined,
  today: Temporal.PlainDate,
): Rule | undefined {
  const faults: Faults = []
  const yesterday = today.subtract({ days: 1 })
  const asked = lastDay?.trim() || today.toString()
  const day = asked === AT_ONCE ? yesterday : readDay(asked, faults, '/lastDay')
  complete(faults)
  if (Temporal.PlainDate.compare(day, rule.validFrom) < 0) {
    if (Temporal.PlainDate.compare(rule.validFrom, today) > 0) return undefined
    if (!day.equals(yesterday))
      throw refused(
        'before-first',
        `It holds since ${rule.validFrom}, so it cannot have ended before that day.`,
      )
  }
  if (Temporal.PlainDate.compare(day, yesterday) < 0)
    throw refused(
      'in-the-past',
      `What was priced before stays as it is: the last day is ${yesterday}, which ends it at once, or later.`,
    )
  if (rule.validTo && Temporal.PlainDate.compare(rule.validTo, day) < 0)
    throw refused('ends-earlier', `It ends on ${rule.validTo} already.`)
  return { ...rule, validTo: day }
}

function refused(code: string, message: string) {
  return invalid({ pointer: '/lastDay', code, message })
}
