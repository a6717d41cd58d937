// Who asks. Every flow and view takes the actor; what it may do is a list of rights, what it can reach is its scope.
import { Refusal } from '#kernel/failure.ts'
import type { AccountId, UserId } from '#kernel/ids.ts'
import type { Scope } from '#platform/db.ts'
import { sellerScope } from '#platform/db.ts'
import { type Right, type Role, rightsOf } from './roles.ts'

export type Actor =
  | {
      /** One of the seller's own people. */
      readonly kind: 'staff'
      readonly userId: UserId
      readonly name: string
      readonly rights: ReadonlySet<Right>
    }
  | {
      /** Somebody of a reseller or of a direct customer. */
      readonly kind: 'portal'
      readonly userId: UserId
      readonly name: string
      readonly accountId: AccountId
      readonly accountKind: 'reseller' | 'customer'
      readonly rights: ReadonlySet<Right>
    }
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

/** Refuses with `right/missing` what the actor's roles do not allow. */
export function assertMay(actor: Actor, right: Right): void {
  if (!mayDo(actor, right))
    throw new Refusal(
      'right/missing',
      'Your role does not allow this. Ask an administrator of your company.',
      { right },
    )
}

export function actorWith(
  user: { id: UserId; name: string; accountId: AccountId | null; roles: readonly Role[] },
  accountKind: 'reseller' | 'customer' | null,
): Staff | Portal {
  const rights = rightsOf(user.roles)
  return user.accountId && accountKind
    ? { kind: 'portal', userId: user.id, name: user.name, accountId: user.accountId, accountKind, rights }
    : { kind: 'staff', userId: user.id, name: user.name, rights }
}
