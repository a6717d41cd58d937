import { createContext, useContext } from 'react'

/** The nonce that the content security policy of this answer asks of scripts; empty in the browser. */
export const NonceContext = createContext<string | undefined>(undefined)

export const useNonce = () => useContext(NonceContext)
