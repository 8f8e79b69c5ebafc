/** A model that cannot be used: its message is one sentence for people, with the cure. */
export class ModelFault extends Error {}
