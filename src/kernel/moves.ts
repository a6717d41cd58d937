// A state machine is a table one can read aloud: which move leads from which states to which.
import { Refusal } from './failure.ts'

export type Moves<State extends string, Name extends string> = Readonly<
  Record<Name, { readonly from: readonly State[]; readonly to: State }>
>

/** Makes a move, or refuses it with `state/illegal-move`. */
export function move<State extends string, Name extends string>(
  moves: Moves<State, Name>,
  state: NoInfer<State>,
  name: NoInfer<Name>,
): State {
  const { from, to } = moves[name]
  if (!from.includes(state))
    throw new Refusal('state/illegal-move', `Cannot ${name} what is ${state}.`, { move: name, state })
  return to
}

export function mayMove<State extends string, Name extends string>(
  moves: Moves<State, Name>,
  state: NoInfer<State>,
  name: NoInfer<Name>,
): boolean {
  return moves[name].from.includes(state)
}
