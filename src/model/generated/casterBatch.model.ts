import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A batch in each of its states. Projection `caster_batches` (platform log).
 */
@Index_(["netuid", "batchId", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterBatch {
    constructor(props?: Partial<CasterBatch>) {
        Object.assign(this, props)
    }

    @PrimaryColumn_()
    id!: string

    @IntColumn_({nullable: false})
    netuid!: number

    @IntColumn_({nullable: false})
    subnetInstance!: number

    @IntColumn_({nullable: false})
    ordinal!: number

    @StringColumn_({nullable: false})
    batchId!: string

    /**
     * created, closed, decided
     */
    @StringColumn_({nullable: false})
    status!: string

    @StringColumn_({nullable: false})
    entrypoint!: string

    @StringColumn_({nullable: false})
    datasetId!: string

    @StringColumn_({nullable: false})
    claimsSha256!: string

    @JSONColumn_({nullable: false})
    claimIds!: unknown

    /**
     * in batch order
     */
    @JSONColumn_({nullable: false})
    candidates!: unknown

    @JSONColumn_({nullable: true})
    champion!: unknown | undefined | null

    @IntColumn_({nullable: true})
    championUid!: number | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    cutoffAt!: bigint

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    closesAt!: bigint

    @StringColumn_({nullable: true})
    closeCause!: string | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    changedAt!: bigint

    /**
     * why the row ended
     */
    @StringColumn_({nullable: true})
    endReason!: string | undefined | null

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
