import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * An answer of the weights query, once for each that differs. Projection `caster_weights` (platform log).
 */
@Index_(["netuid", "weightsSha256"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterWeights {
    constructor(props?: Partial<CasterWeights>) {
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

    @StringColumn_({nullable: true})
    batchId!: string | undefined | null

    @JSONColumn_({nullable: false})
    roster!: unknown

    @JSONColumn_({nullable: false})
    uidMap!: unknown

    @JSONColumn_({nullable: false})
    weights!: unknown

    /**
     * block of uidMap
     */
    @IntColumn_({nullable: false})
    height!: number

    @StringColumn_({nullable: false})
    policyId!: string

    @StringColumn_({nullable: false})
    weightsSha256!: string

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    computedAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
