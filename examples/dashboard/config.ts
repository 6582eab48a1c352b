/** The gateway's URL, fixed when the page is built. */
export const GATEWAY_URL = import.meta.env.VITE_GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql'

/** The accounts to show, in this order. By default, those of the sandbox. */
export const ACCOUNT_IDS: readonly string[] = import.meta.env.VITE_ACCOUNT_IDS?.split(',') ?? [
  '01HZ7N9K3R0F2QW3X4Y5Z6V7AB',
  '01K7P073Q8RE2A9PQT8Q7MXPN4',
  '01K9B2V4X6Z8C0E1G3J5M7P9R2',
  '01KA0D5F7H9K1N3Q5S7V9X1Z3B',
]

export const PAGE_SIZE = 5

declare global {
  interface ImportMetaEnv {
    readonly VITE_GATEWAY_URL?: string
    /** ULIDs, separated by commas. */
    readonly VITE_ACCOUNT_IDS?: string
  }
}
