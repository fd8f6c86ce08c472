import {Entity as Entity_, Column as Column_, PrimaryColumn as PrimaryColumn_, Index as Index_, IntColumn as IntColumn_, StringColumn as StringColumn_, JSONColumn as JSONColumn_, BigIntColumn as BigIntColumn_, BytesColumn as BytesColumn_, BooleanColumn as BooleanColumn_} from "@subsquid/typeorm-store"

/**
 * A data set as it was curated. Projection `caster_batches` (platform log).
 */
@Index_(["netuid", "datasetId"], {unique: false})
@Index_(["netuid", "validFrom", "fromSeq"], {unique: false})
@Entity_()
export class CasterDataset {
    constructor(props?: Partial<CasterDataset>) {
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
    datasetId!: string

    /**
     * over the claims with their references and a salt
     */
    @StringColumn_({nullable: false})
    claimsSha256!: string

    @JSONColumn_({nullable: false})
    claimIds!: unknown

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    factoidFrom!: bigint

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    factoidTo!: bigint

    @StringColumn_({nullable: false})
    referenceModel!: string

    /**
     * by whom the difficulty was measured; null: nobody sat
     */
    @BytesColumn_({nullable: true})
    championHotkey!: Uint8Array | undefined | null

    @StringColumn_({nullable: true})
    championArtifact!: string | undefined | null

    @IntColumn_({nullable: false})
    championWrong!: number

    @IntColumn_({nullable: false})
    total!: number

    @BooleanColumn_({nullable: false})
    accepted!: boolean

    /**
     * ms since the Unix epoch
     */
    @BigIntColumn_({nullable: false})
    builtAt!: bigint

    @IntColumn_({nullable: false})
    validFrom!: number

    @IntColumn_({nullable: true})
    validTo!: number | undefined | null

    @IntColumn_({nullable: false})
    fromSeq!: number

    @IntColumn_({nullable: true})
    toSeq!: number | undefined | null
}
