/** An open database transaction that one room hands to another. Only `database` can look inside. */
export interface Tx {
  readonly __tx: unique symbol;
}
