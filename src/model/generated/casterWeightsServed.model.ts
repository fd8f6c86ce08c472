import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, BytesColumn as BytesColumn_, StringColumn as StringColumn_, BigIntColumn as BigIntColumn_} from "@subsquid/typeorm-store"

/**
 * Who was given weights, and who was denied them. Projection `caster_weights` (platform log).
 */
@Index_(["netuid", "validator"], {unique: false})
@Index_(["netuid", "weightsSha256"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterWeightsServed {
    constructor(props?: Partial<CasterWeightsServed>) {
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

    @BytesColumn_({nullable: false})
    validator!: Uint8Array

    /**
     * served, denied
     */
    @StringColumn_({nullable: false})
    outcome!: string

    @StringColumn_({nullable: true})
    weightsSha256!: string | undefined | null

    @StringColumn_({nullable: true})
    reason!: string | undefined | null

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    answeredAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
