import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, DateTimeColumn as DateTimeColumn_, StringColumn as StringColumn_} from "@subsquid/typeorm-store"

/**
 * First commit and first publication of content (an empty commitment is neither) of a hotkey in a subnet instance, a row for each lineage it had (one, but for rare swaps onto a used hotkey). By content: Commitment.contentHash, revealedHash. Projection `first_submissions`.
 */
@Index_(["hotkey", "netuid", "subnetInstance", "lineage"], {unique: true})
@Index_(["lineage", "netuid", "subnetInstance"], {unique: false})
@Index_(["netuid", "subnetInstance", "commitSeq"], {unique: false})
@Index_(["netuid", "subnetInstance", "revealSeq"], {unique: false})
@Entity_()
export class FirstSubmission {
    constructor(props?: Partial<FirstSubmission>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @BytesColumn_({nullable: false})
    lineage!: Uint8Array

    @IntColumn_({nullable: true})
    uid!: number | undefined | null

    /**
     * rule COMMIT orders by this; -1 and nulls below: committed before the first indexed block
     */
    @IntColumn_({nullable: false})
    commitSeq!: number

    @IntColumn_({nullable: true})
    commitHeight!: number | undefined | null

    @IntColumn_({nullable: true})
    commitExtrinsicIndex!: number | undefined | null

    @IntColumn_({nullable: true})
    commitEventIndex!: number | undefined | null

    @BytesColumn_({nullable: true})
    commitBlockHash!: Uint8Array | undefined | null

    @DateTimeColumn_({nullable: true})
    commitBlockTime!: Date | undefined | null

    /**
     * Commitment.id
     */
    @StringColumn_({nullable: true})
    commitId!: string | undefined | null

    @BytesColumn_({nullable: true})
    commitContentHash!: Uint8Array | undefined | null

    /**
     * rule REVEAL orders by this: the event that first made content public (a plain commit does at once); null: nothing yet
     */
    @IntColumn_({nullable: true})
    revealSeq!: number | undefined | null

    @IntColumn_({nullable: true})
    revealHeight!: number | undefined | null

    /**
     * null: opened by the chain itself, at the start of the block
     */
    @IntColumn_({nullable: true})
    revealExtrinsicIndex!: number | undefined | null

    @IntColumn_({nullable: true})
    revealEventIndex!: number | undefined | null

    @BytesColumn_({nullable: true})
    revealBlockHash!: Uint8Array | undefined | null

    @DateTimeColumn_({nullable: true})
    revealBlockTime!: Date | undefined | null

    /**
     * Commitment.id of what was revealed; null: it lies before the first indexed block
     */
    @StringColumn_({nullable: true})
    revealCommitId!: string | undefined | null

    @BytesColumn_({nullable: true})
    revealContentHash!: Uint8Array | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
