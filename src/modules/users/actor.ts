// Who asks. Every flow and view takes the actor; what it may do is a list of rights, what it can reach is its scope.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import type { Scope } from '#platform/db.ts'
import { sellerScope } from '#platform/db.ts'
import { type Right, type Role, rightsOf } from './roles.ts'

/** What a person may do whose key, which asks here, does not carry it. */
type KeyLimit = { readonly notOfThisKey?: ReadonlySet<Right> }

export type Actor =
  | ({
      /** One of the seller's own people. */
      readonly kind: 'staff'
      readonly userId: UserId
      readonly name: string
      readonly rights: ReadonlySet<Right>
    } & KeyLimit)
  | ({
      /** Somebody of a reseller or of a direct customer. */
      readonly kind: 'portal'
      readonly userId: UserId
      readonly name: string
      readonly accountId: AccountId
      readonly accountKind: 'reseller' | 'customer'
      readonly rights: ReadonlySet<Right>
    } & KeyLimit)
  | {
      /** The platform itself: a job, a schedule. */
      readonly kind: 'system'
      readonly name: string
    }

export type Staff = Extract<Actor, { kind: 'staff' }>
export type Portal = Extract<Actor, { kind: 'portal' }>

export const system = (name: string): Actor => ({ kind: 'system', name })

/** With whose eyes the actor's statements see. */
export function scopeOf(actor: Actor): Scope {
  return actor.kind === 'portal' ? { role: 'portal', accountId: actor.accountId } : sellerScope
}

export function mayDo(actor: Actor, right: Right): boolean {
  return actor.kind === 'system' || actor.rights.has(right)
}

/** Refuses with `right/missing` what the actor's roles do not allow, with `right/key-scope` what only their API key does not. */
export function assertMay(actor: Actor, right: Right): void {
  if (mayDo(actor, right)) return
  if (actor.kind !== 'system' && actor.notOfThisKey?.has(right))
    throw new Refusal(
      'right/key-scope',
      `This API key does not carry the right "${right}", although its user has it. Use a key that carries it.`,
      { right },
    )
  throw new Refusal('right/missing', 'Your role does not allow this. Ask an administrator of your company.', {
    right,
  })
}

type Person = { readonly id: UserId; readonly name: string; readonly accountId: AccountId | null }

/**
 * Somebody with the rights their roles give them, read from the roles' records. `keyRights`: those the API key they ask with carries;
 * undefined where it carries all.
 */
export function actorOf(
  person: Person & { readonly rights: readonly Right[] },
  accountKind: 'reseller' | 'customer' | null,
  keyRights?: readonly Right[],
): Staff | Portal {
  const has = new Set(person.rights)
  const carried = keyRights && new Set(keyRights)
  const who = {
    userId: person.id,
    name: person.name,
    rights: carried ? has.intersection(carried) : has,
    ...(carried && { notOfThisKey: has.difference(carried) }),
  }
  return person.accountId && accountKind
    ? { kind: 'portal', ...who, accountId: person.accountId, accountKind }
    : { kind: 'staff', ...who }
}

/** The same by names of roles as every installation begins with them: for seeds and tests. */
export function actorWith(
  user: Person & { readonly roles: readonly Role[] },
  accountKind: 'reseller' | 'customer' | null,
): Staff | Portal {
  return actorOf({ ...user, rights: [...rightsOf(user.roles)] }, accountKind)
}
