import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, BytesColumn as BytesColumn_, FloatColumn as FloatColumn_, BooleanColumn as BooleanColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * A score that counts for weights. Projection `bitrecs_scores`.
 */
@Index_(["netuid", "validFrom", "fromSeq", "ordinal"], {unique: false})
@Index_(["netuid", "setId", "fromSeq"], {unique: false})
@Index_(["netuid", "hotkey", "validFrom", "fromSeq"], {unique: false})
@Index_(["netuid", "runId"], {unique: false})
@Entity_()
export class BitrecsScore {
    constructor(props?: Partial<BitrecsScore>) {
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
    runId!: string

    @StringColumn_({nullable: false})
    agentId!: string

    @BytesColumn_({nullable: false})
    hotkey!: Uint8Array

    @IntColumn_({nullable: true})
    uid!: number | undefined | null

    /**
     * height of the registration that the score belongs to
     */
    @IntColumn_({nullable: true})
    registeredAt!: number | undefined | null

    @StringColumn_({nullable: false})
    task!: string

    @FloatColumn_({nullable: false})
    score!: number

    @BooleanColumn_({nullable: false})
    success!: boolean

    @FloatColumn_({nullable: false})
    durationSeconds!: number

    @IntColumn_({nullable: false})
    sampleSize!: number

    @IntColumn_({nullable: false})
    setId!: number

    @StringColumn_({nullable: false})
    validator!: string

    /**
     * run | upload
     */
    @StringColumn_({nullable: false})
    source!: string

    @BigIntColumn_({nullable: false})
    atMs!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
